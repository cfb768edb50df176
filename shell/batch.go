package shell

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"netql/query/syntax"
)

// file answers the query in a file; "-" is stdin. A file that begins with a word of the prompt, such as netstat, has an
// entry on each line.
func (s *session) file(name string) int {
	text, err := s.readFile(name)
	if err != nil {
		return s.usageFailure("", usagef("cannot read the query: %v", err))
	}
	if beginsWithWord(text) {
		return s.entries(strings.NewReader(text))
	}
	return s.interruptible(text)
}

// beginsWithWord says whether the first line that asks for anything begins with a word of the prompt.
func beginsWithWord(text string) bool {
	for line := range strings.Lines(text) {
		if isQuery(line) {
			_, _, is := findWord(line)
			return is
		}
	}
	return false
}

// readFile reads a query. Of a longer file it reads one byte more than a query may have, so that Compile reports that
// the query is too long.
func (s *session) readFile(name string) (string, error) {
	in := s.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, syntax.MaxLength+1))
	return string(text), err
}

// batch answers what stands in the input.
func (s *session) batch() int { return s.entries(s.in) }

// entries answers the queries in the input, and the words of the prompt, one a line, and goes on after a wrong one.
// Messages begin with the number of the line. The status is the highest of all.
func (s *session) entries(input io.Reader) int {
	in := bufio.NewReader(input)
	worst := done
	for n := 1; !s.closed && !s.leaving && worst != interrupted; n++ {
		text, err := readLine(in)
		if errors.Is(err, io.EOF) {
			break
		}
		s.messagePrefix = fmt.Sprintf("line %d: ", n)
		if err != nil {
			s.message("error", "cannot read the queries: %v", err)
			return max(worst, failed)
		}
		if isQuery(text) {
			worst = max(worst, s.runEntry(text))
		}
	}
	return worst
}

// isQuery says whether a line asks for anything: it is neither blank nor a comment.
func isQuery(line string) bool {
	line = strings.TrimSpace(line)
	return line != "" && !strings.HasPrefix(line, "#")
}

// readLine reads one line, without its end. Of a longer line it keeps one byte more than a query may have, so that
// Compile reports that the query is too long. io.EOF says that there was no further line.
func readLine(in *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := in.ReadSlice('\n')
		line = append(line, part[:min(len(part), syntax.MaxLength+1-len(line))]...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && len(line) > 0, err == nil:
			return strings.TrimRight(string(line), "\r\n"), nil
		default:
			return "", err
		}
	}
}
