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

// file answers the query in a file; "-" is stdin.
func (s *session) file(name string) int {
	text, err := s.readFile(name)
	if err != nil {
		return s.usageFailure("", usagef("cannot read the query: %v", err))
	}
	return s.interruptible(text)
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

// batch answers the queries in the input, one a line, and goes on after a wrong one. Messages begin with the number of
// the line. The status is the highest of all.
func (s *session) batch() int {
	in := bufio.NewReader(s.in)
	worst := done
	for n := 1; !s.closed && worst != interrupted; n++ {
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
			worst = max(worst, s.interruptible(text))
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
