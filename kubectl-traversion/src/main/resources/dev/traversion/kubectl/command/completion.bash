# bash completion of kubectl-traversion
_kubectl_traversion() {
  local line words=("${COMP_WORDS[@]:1:COMP_CWORD}")
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) [ "$line" = ":0" ] && compopt -o default 2>/dev/null ;;
      *) line=${line%%$'\t'*}
         case $line in "${COMP_WORDS[COMP_CWORD]}"*) COMPREPLY+=("$line") ;; esac ;;
    esac
  done < <(kubectl-traversion __complete "${words[@]}" 2>/dev/null)
}
complete -F _kubectl_traversion kubectl-traversion
