text
rootpw --iscrypted ${password}
clearpart --all --drives=${disk.device}
part / --size=${disk.size - 1024} --grow
%{ if disk.size > 10000 ~}
part swap --size=1024
%{ endif ~}

%packages
%{ for package in packages ~}
${package}
%{ endfor ~}
%end
