# Reports what bash has in its history, once it has run. Bash 4.4 or newer, for PS0 and `local -`.
__oxtui_off() {
    [[ -n ${__oxtui_ps0-} ]] || return 0
    local each kept=()
    for each in "${PROMPT_COMMAND[@]}"; do
        each=${each/#$'__oxtui_before\n'/}
        each=${each/%$'\n__oxtui_after'/}
        [[ $each == __oxtui_before || $each == __oxtui_after ]] || kept+=("$each")
    done
    unset PROMPT_COMMAND
    if ((${#kept[@]} > 1)); then PROMPT_COMMAND=("${kept[@]}"); elif ((${#kept[@]})); then PROMPT_COMMAND=${kept[0]}; fi
    PS0=${PS0//"$__oxtui_ps0"/}
    [[ ${HISTCONTROL-} != "$__oxtui_spaces" ]] || HISTCONTROL=$__oxtui_control
    ((__oxtui_cmdhist)) || shopt -u cmdhist
    ((__oxtui_lithist)) || shopt -u lithist
    __oxtui_say o
    __oxtui_forget_line __oxtui_off
    unset -v __oxtui_ps0 __oxtui_control __oxtui_spaces __oxtui_cmdhist __oxtui_lithist __oxtui_number \
        __oxtui_where __oxtui_ran __oxtui_begun __oxtui_text __oxtui_nothing
    unset -f __oxtui_before __oxtui_after __oxtui_say __oxtui_history __oxtui_record \
        __oxtui_forget_line __oxtui_off
}
# Prints one report: every byte but a few plain ones as %XX, so that no byte of ours ends the sequence.
__oxtui_say() {
    local LC_ALL=C field text char code index out=
    for field; do
        text=
        for ((index = 0; index < ${#field}; index++)); do
            char=${field:index:1}
            case $char in
            [a-zA-Z0-9/._-]) text+=$char ;;
            *)
                printf -v code %d "'$char"
                printf -v code %%%02X "$((code & 255))"
                text+=$code
                ;;
            esac
        done
        out+=";$text"
    done
    printf '\033]5713;@NONCE@%s\007' "$out" >/dev/tty
} 2>/dev/null
# Puts an entry of the history, counted from the newest, into `number` and `__oxtui_text`.
__oxtui_history() {
    local later=
    __oxtui_text=$(HISTTIMEFORMAT='' builtin history "$1" 2>/dev/null)
    if (($1 > 1)); then
        later=$(HISTTIMEFORMAT='' builtin history "$(($1 - 1))" 2>/dev/null)
        __oxtui_text=${__oxtui_text%$'\n'"$later"}
    fi
    __oxtui_text=${__oxtui_text#"${__oxtui_text%%[0-9]*}"}
    number=${__oxtui_text%%[!0-9]*}
    __oxtui_text=${__oxtui_text#"$number"}
    __oxtui_text=${__oxtui_text:2}
}
# A line of ours is nothing that the operator typed.
__oxtui_forget_line() {
    local number
    __oxtui_history 1
    [[ $__oxtui_text != *"$1"* ]] || builtin history -d "$number"
}
__oxtui_before() {
    local status=$? now=@NOW@ - number newest back
    set +exu
    if ((__oxtui_ran)); then
        __oxtui_history 1
        newest=$number
        if [[ -z $newest || $newest == "$__oxtui_number" ]]; then
            __oxtui_say u
        else
            # Lines pasted together run without a prompt between them: how the first ones ended is not known.
            back=$((newest - __oxtui_number))
            for ((back = back > 200 ? 1 : back; back > 1; back--)); do
                __oxtui_history "$back"
                __oxtui_record "$__oxtui_text" '' 0
            done
            __oxtui_history 1
            __oxtui_record "$__oxtui_text" "$status" "$((now - __oxtui_begun))"
        fi
    fi
    return "$status"
}
# One command: its text, its status, its microseconds.
__oxtui_record() {
    local word alias=
    if ((${#1} > 16384)); then
        __oxtui_say l
        return
    fi
    word=${1%%[!A-Za-z0-9_.-]*}
    [[ -z $word ]] || alias=${BASH_ALIASES[$word]-}
    __oxtui_say r "$1" "$2" "$__oxtui_where" "$PWD" "$3" "$alias"
}
__oxtui_after() {
    local status=$? - number
    set +exu
    __oxtui_history 1
    __oxtui_number=${number:-0} __oxtui_where=$PWD __oxtui_ran=0
    return "$status"
}
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
    __oxtui_say x "bash $BASH_VERSION is older than 4.4"
elif [[ ! -o history || ${HISTSIZE-1} == 0 ]]; then
    __oxtui_say x 'the shell keeps no history, from which commands are taken'
elif ! shopt -q promptvars; then
    __oxtui_say x 'the option promptvars of bash is off'
else
    __oxtui_ran=0 __oxtui_number=0 __oxtui_where=$PWD __oxtui_begun=0
    __oxtui_control=${HISTCONTROL-} __oxtui_cmdhist=0 __oxtui_lithist=0
    # Two equal commands in a row are two commands; what begins with a blank stays out, as the operator wants it.
    __oxtui_spaces=:$__oxtui_control:
    __oxtui_spaces=${__oxtui_spaces//:ignoreboth:/:ignorespace:}
    __oxtui_spaces=${__oxtui_spaces//:ignoredups:/:}
    __oxtui_spaces=${__oxtui_spaces//:erasedups:/:}
    __oxtui_spaces=${__oxtui_spaces#:} __oxtui_spaces=${__oxtui_spaces%:}
    HISTCONTROL=$__oxtui_spaces
    ! shopt -q cmdhist || __oxtui_cmdhist=1
    ! shopt -q lithist || __oxtui_lithist=1
    shopt -s cmdhist lithist
    # A command that was read, and when; a mark tells that it begins.
    __oxtui_ps0='\e]5713;@NONCE@;b\a${__oxtui_nothing:$((__oxtui_ran=1,__oxtui_begun=@NOW@,0)):0}'
    __oxtui_nothing=
    PS0=$__oxtui_ps0${PS0-}
    if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
        PROMPT_COMMAND=(__oxtui_before "${PROMPT_COMMAND[@]}" __oxtui_after)
    else
        PROMPT_COMMAND=$'__oxtui_before\n'${PROMPT_COMMAND-}$'\n__oxtui_after'
    fi
    __oxtui_forget_line '@PATH@'
    __oxtui_say h bash "$BASH" "$EUID" "$HOME" "$PWD"
fi
