package shell

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"netql/shell/netstat"
	"netql/shell/ss"
)

// scriptWords are the words that completion scripts offer, with blanks between them; the values of flags come from the
// table of flags.
type scriptWords struct{ flags, shells, tables, commands, netstat string }

// scripts are the shells that there are completion scripts for.
var scripts = []struct {
	shell string
	text  func(w scriptWords) string
}{
	{"bash", bashScript},
	{"zsh", zshScript},
	{"fish", fishScript},
}

// completion prints the script for a shell.
func (s *session) completion(words []string) int {
	w := s.scriptWords()
	for _, script := range scripts {
		if len(words) == 1 && words[0] == script.shell {
			return s.print(script.text(w))
		}
	}
	return s.usageFailure("", usagef("completion needs the name of one shell").
		withHint("it is one of %s", strings.ReplaceAll(w.shells, " ", ", ")))
}

func (s *session) scriptWords() scriptWords {
	var flagNames, shells []string
	for _, f := range flags {
		flagNames = append(flagNames, "--"+f.name)
	}
	for _, script := range scripts {
		shells = append(shells, script.shell)
	}
	words := slices.Sorted(maps.Keys(commands()))
	return scriptWords{
		strings.Join(flagNames, " "), strings.Join(shells, " "), strings.Join(s.catalog.Names(), " "),
		strings.Join(append(words, netstatName, ss.Name), " "), strings.Join(netstat.Letters(), " "),
	}
}

func bashScript(w scriptWords) string {
	var b strings.Builder
	b.WriteString(`# netql completion bash: put it where bash-completion looks, or source it in ~/.bashrc
_netql_values() { # FLAG TEXT: bash begins words behind each of = and :, and at each @, and so do the candidates
	local before=${2%"$word"}
	before=${before%@}
	mapfile -t COMPREPLY < <(netql ` + valuesCommand + ` "$1" "$2" 2>/dev/null)
	COMPREPLY=("${COMPREPLY[@]#"$before"}")
	compopt -o nospace
}
_netql() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
	local line=${COMP_LINE:0:COMP_POINT} flag typed
	if [[ $word == [=@:] ]]; then # bash takes --flag=value for three words
		word=
	elif [[ $before == = ]]; then
		before=${COMP_WORDS[COMP_CWORD-2]}
	fi
	typed=${line##*[[:space:]]}
	case $typed in
	--*=*) flag=${typed%%=*} typed=${typed#*=} ;;
	*) flag=${line%"$typed"} flag=${flag%"${flag##*[![:space:]]}"} flag=${flag##*[[:space:]]} ;;
	esac
	case $flag in
`)
	for _, f := range flags {
		if machineValues(f.name) != nil {
			fmt.Fprintf(&b, "	--%s) _netql_values %s \"$typed\"; return ;;\n", f.name, f.name)
		}
	}
	b.WriteString(`	esac
	case $before in
`)
	for _, f := range flags {
		switch {
		case f.values != nil:
			const line = "	--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n"
			fmt.Fprintf(&b, line, f.name, strings.Join(f.values(), " "))
		case f.argument == fileArgument:
			const line = "	--%s) compopt -o filenames; " +
				"mapfile -t COMPREPLY < <(compgen -f -- \"$word\"); return ;;\n"
			fmt.Fprintf(&b, line, f.name)
		case f.argument != "":
			fmt.Fprintf(&b, "	--%s) return ;;\n", f.name)
		}
	}
	fmt.Fprintf(&b, `	completion) COMPREPLY=($(compgen -W '%s' -- "$word")); return ;;
	esac
	if [[ $word != -* && ( ${COMP_WORDS[1]} == record || ${COMP_WORDS[1]} == diff ) && COMP_CWORD -gt 1 ]]; then
		compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$word"); return
	fi
	if [[ $word == [\'\"]* ]]; then # inside a query; a single candidate is given twice, or bash would close the quote
		mapfile -t COMPREPLY < <(netql %s "${word:0:1}" "${word:1}" "${COMP_WORDS[@]:1:COMP_CWORD-1}" 2>/dev/null)
		local column=1
		if [[ $COMP_TYPE == 63 ]]; then # a list, for which the words will do
			column=2
		fi
		mapfile -t COMPREPLY < <(printf '%%s\n' "${COMPREPLY[@]}" | cut -f $column | grep .)
		if ((${#COMPREPLY[@]} == 1)); then
			COMPREPLY+=("${COMPREPLY[0]} ")
		fi
		compopt -o nospace
		return
	fi
	if [[ $word == - || ${COMP_WORDS[1]} == netstat && $word == -* ]]; then
		COMPREPLY=($(compgen -W '%s %s' -- "$word"))
	elif [[ $word == -* ]]; then
		COMPREPLY=($(compgen -W '%s' -- "$word"))
	else
		COMPREPLY=($(compgen -W '%s %s' -- "$word"))
	fi
}
complete -F _netql netql
`, w.shells, completeCommand, w.netstat, w.flags, w.flags, w.tables, w.commands)
	return b.String()
}

func zshScript(w scriptWords) string {
	// what _arguments and the quotes around it would take as their own
	escape := strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`, "'", `'\''`)
	var b strings.Builder
	b.WriteString("#compdef netql\n" +
		"# netql completion zsh: put it into a directory of $fpath as _netql\n" +
		zshQuery +
		"_arguments -s \\\n")
	for _, f := range flags {
		fmt.Fprintf(&b, "	'--%s", f.name)
		if f.argument != "" {
			b.WriteString("=")
		}
		fmt.Fprintf(&b, "[%s]", escape.Replace(f.doc))
		switch {
		case f.values != nil:
			fmt.Fprintf(&b, ":%s:(%s)", f.argument, strings.Join(f.values(), " "))
		case machineValues(f.name) != nil:
			fmt.Fprintf(&b, `:%s:{ compadd -S "" -- ${(f)"$(netql %s %s "$PREFIX" 2>/dev/null)"} }`, f.argument,
				valuesCommand, f.name)
		case f.argument == fileArgument:
			fmt.Fprintf(&b, ":%s:_files", f.argument)
		case f.argument != "":
			fmt.Fprintf(&b, ":%s: ", f.argument)
		}
		b.WriteString("' \\\n")
	}
	fmt.Fprintf(&b, "	'1:query:(%s %s)' \\\n"+
		"	'*::argument:{ [[ $words[1] == completion ]] && compadd %s || _files }'\n", w.tables, w.commands, w.shells)
	return b.String()
}

// zshQuery completes inside the quotes of a query.
const zshQuery = `if [[ -n $compstate[quote] ]]; then
	local -a typed shown
	local line
	netql ` + completeCommand +
	` "$compstate[quote]" "$PREFIX" "${(@)words[2,CURRENT-1]}" 2>/dev/null | while IFS= read -r line; do
		typed+=("${line%%$'\t'*}")
		shown+=("${${line#*$'\t'}/$'\t'/  }")
	done
	((${#typed})) && compadd -U -Q -l -S '' -d shown -- "${typed[@]}"
	return
fi
`

func fishScript(w scriptWords) string {
	var b strings.Builder
	b.WriteString("# netql completion fish: put it into ~/.config/fish/completions as netql.fish\n" +
		"complete -c netql -f\n")
	for _, f := range flags {
		fmt.Fprintf(&b, "complete -c netql -l %s", f.name)
		switch {
		case f.values != nil:
			fmt.Fprintf(&b, " -x -a '%s'", strings.Join(f.values(), " "))
		case machineValues(f.name) != nil:
			fmt.Fprintf(&b, ` -x -a '(netql %s %s (commandline -ct | string replace -r "^--[a-z]*=" "") 2>/dev/null)'`,
				valuesCommand, f.name)
		case f.argument == fileArgument:
			b.WriteString(" -r -F")
		case f.argument != "":
			b.WriteString(" -x")
		}
		fmt.Fprintf(&b, " -d '%s'\n", strings.ReplaceAll(f.doc, "'", `\'`))
	}
	b.WriteString(fishQuery)
	fmt.Fprintf(&b, "complete -c netql -n __fish_use_subcommand -a '%s %s'\n", w.tables, w.commands)
	b.WriteString("complete -c netql -n '__fish_seen_subcommand_from record diff' -F\n")
	fmt.Fprintf(&b, "complete -c netql -n '__fish_seen_subcommand_from netstat' -a '%s'\n", w.netstat)
	fmt.Fprintf(&b, "complete -c netql -n '__fish_seen_subcommand_from completion' -a '%s'\n", w.shells)
	return b.String()
}

// fishQuery completes inside the quotes of a query.
const fishQuery = `function __netql_query
	set -l word (commandline -ct)
	set -l before (commandline -opc)
	set -l typed (netql ` + completeCommand + ` (string sub -l 1 -- $word) (string sub -s 2 -- $word) \
		$before[2..-1] 2>/dev/null | string replace -r '^(.*)\t.*\t(.*)$' '$1\t$2')
	if test (count $typed) -eq 1 # given twice, or fish would close the quote
		set -a typed (string replace \t ' '\t -- $typed)
	end
	string join \n -- $typed
end
function __netql_in_quotes
	string match -qr '^[\'"]' -- (commandline -ct)
end
complete -c netql -n __netql_in_quotes -a '(__netql_query)'
`
