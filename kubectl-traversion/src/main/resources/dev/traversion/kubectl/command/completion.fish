# fish completion of kubectl-traversion
function __kubectl_traversion
    set -l typed (commandline -opc) (commandline -ct)
    kubectl-traversion __complete $typed[2..-1] 2>/dev/null | string match -v -r '^:\d+$'
end
complete -c kubectl-traversion -f -a '(__kubectl_traversion)'
