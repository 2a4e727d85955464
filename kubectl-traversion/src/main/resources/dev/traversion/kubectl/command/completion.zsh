#compdef kubectl-traversion
# zsh completion of kubectl-traversion
_kubectl_traversion() {
  local line choices=()
  for line in "${(@f)$(kubectl-traversion __complete "${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}"; do
    case $line in
      :0) _files ;;
      :*) ;;
      *) choices+=("${${line%%$'\t'*}//:/\\:}${${(M)line%%$'\t'*}:+:${line#*$'\t'}}") ;;
    esac
  done
  (( ${#choices} )) && _describe 'choice' choices
}
compdef _kubectl_traversion kubectl-traversion
