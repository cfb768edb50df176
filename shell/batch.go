package shell

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"netql/query"
	"netql/query/syntax"
)

// file answers what stands in a file; "-" is stdin. It may be one query, of any layout, or statements.
func (s *session) file(name string) int {
	text, err := s.readFile(name)
	switch {
	case err != nil:
		return s.usageFailure("", usagef("cannot read the query: %v", err))
	case s.isOneQuery(text):
		return s.interruptible(cutComments(text, "--"))
	}
	return s.entries(strings.NewReader(text))
}

// isOneQuery says whether a text is a query as a whole, a right one or the only one.
func (s *session) isOneQuery(text string) bool {
	all := s.statementsIn(strings.NewReader(text))
	first, _, err := all.next()
	if err != nil {
		return true
	}
	if _, _, is := findWord(first); is {
		return false
	}
	if _, _, err := all.next(); err != nil {
		return true
	}
	_, err = query.Compile(cutComments(text, "--"), s.catalog, s.state())
	return err == nil
}

func (s *session) statementsIn(input io.Reader) *statements {
	return &statements{in: bufio.NewReader(input), incomplete: s.incomplete}
}

// longestFile is how many bytes of a file are read, far more than anybody writes.
const longestFile = 16 << 20

// readFile reads a file with queries.
func (s *session) readFile(name string) (string, error) {
	if name == "-" {
		return readText(s.in, name)
	}
	return readTextFile(name)
}

func readTextFile(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return readText(f, name)
}

// readText reads all of a text, which has a name for errors.
func readText(in io.Reader, name string) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, longestFile+1))
	if err == nil && len(text) > longestFile {
		err = fmt.Errorf("%s is longer than %d bytes", name, longestFile)
	}
	return strings.TrimPrefix(string(text), byteOrderMark), err
}

// batch answers what stands in the input.
func (s *session) batch() int { return s.entries(s.in) }

// entries answers the queries in the input, and the words of the prompt, and goes on after a wrong one. Messages begin
// with the number of the line. The status is the highest of all.
func (s *session) entries(input io.Reader) int {
	all := s.statementsIn(input)
	worst := done
	for !s.closed && !s.leaving && worst != interrupted {
		text, line, err := all.next()
		if errors.Is(err, io.EOF) {
			break
		}
		s.line = line
		if err != nil {
			s.message("error", "cannot read the queries: %v", err)
			return max(worst, failed)
		}
		worst = max(worst, s.runEntry(text))
	}
	return worst
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
