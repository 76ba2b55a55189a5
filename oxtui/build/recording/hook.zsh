# Reports what was typed to zsh, once it has run.
__oxtui_off() {
    precmd_functions=(${precmd_functions:#__oxtui_*})
    preexec_functions=(${preexec_functions:#__oxtui_*})
    __oxtui_say o
    unset -m '__oxtui_*'
    unfunction -m '__oxtui_*'
}
# Prints one report: every byte but a few plain ones as %XX, so that no byte of ours ends the sequence.
__oxtui_say() {
    emulate -L zsh
    setopt no_multibyte
    local field text char out=
    integer index
    for field; do
        text=
        for ((index = 1; index <= ${#field}; index++)); do
            char=$field[index]
            case $char in
            ([a-zA-Z0-9/._-]) text+=$char ;;
            (*) text+=%${(l:2::0:)$(([##16]#char & 255))} ;;
            esac
        done
        out+=";$text"
    done
    printf '\033]5713;@NONCE@%s\007' "$out" >/dev/tty
} 2>/dev/null
__oxtui_begin() {
    __oxtui_hidden=0
    [[ ! -o hist_ignore_space || $1 != ' '* ]] || __oxtui_hidden=1
    emulate -L zsh
    __oxtui_ran=1 __oxtui_text=${1:-$3} __oxtui_where=$PWD __oxtui_begun=${EPOCHREALTIME-}
    [[ $1 != *__oxtui_off* ]] || __oxtui_ran=0
    __oxtui_say b
}
__oxtui_end() {
    local result=$?
    emulate -L zsh
    local word short=
    integer took=-1
    ((__oxtui_ran)) || return 0
    __oxtui_ran=0
    [[ -z $__oxtui_begun ]] || ((took = (EPOCHREALTIME - __oxtui_begun) * 1000000))
    if ((__oxtui_hidden)); then
        __oxtui_say u
    elif ((${#__oxtui_text} > 16384)); then
        __oxtui_say l
    else
        word=${__oxtui_text%%[^A-Za-z0-9_.-]*}
        [[ -z $word ]] || short=${aliases[$word]-}
        __oxtui_say r "${__oxtui_text%$'\n'}" $result "$__oxtui_where" "$PWD" $took "$short"
    fi
}
zmodload zsh/datetime zsh/parameter 2>/dev/null
typeset -g __oxtui_ran=0 __oxtui_hidden=0 __oxtui_text= __oxtui_where= __oxtui_begun=
typeset -ga precmd_functions preexec_functions
precmd_functions=(__oxtui_end $precmd_functions)
preexec_functions=($preexec_functions __oxtui_begin)
__oxtui_say h zsh "${commands[zsh]:-/bin/zsh}" "$EUID" "$HOME" "$PWD"
