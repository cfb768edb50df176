package expression

import (
	"errors"
	"strings"

	"netql/query/schema"
)

// maxSize bounds one computed value, in bytes. Without it a short query such as replace(replace(...)), each with a
// longer text, would take all memory there is. It also bounds how long one call of a function takes, which cannot be
// ended in the middle: some tens of milliseconds.
const maxSize = 4 << 20

var errTooLarge = errors.New("the value would be larger than 4 MiB")

// size is about how many bytes a text or list has. It stops to count above maxSize, because lists may share what is in
// them, and then hold more than there is memory.
func size(v any) int {
	const overhead = 16
	total := 0
	switch v := v.(type) {
	case string:
		return len(v)
	case []string:
		for i := 0; i < len(v) && total <= maxSize; i++ {
			total += overhead + len(v[i])
		}
	case []any:
		for i := 0; i < len(v) && total <= maxSize; i++ {
			total += overhead + size(v[i])
		}
	case schema.Record:
		return size(v.Values)
	}
	return total
}

func replaceText(args []any) (any, error) {
	s, before, after := args[0].(string), args[1].(string), args[2].(string)
	if len(s)+strings.Count(s, before)*(len(after)-len(before)) > maxSize {
		return nil, errTooLarge
	}
	return strings.ReplaceAll(s, before, after), nil
}

func splitText(args []any) (any, error) {
	s, separator := args[0].(string), args[1].(string)
	if len(s)+16*strings.Count(s, separator) > maxSize {
		return nil, errTooLarge
	}
	return elements(strings.Split(s, separator)), nil
}

func joinList(args []any) (any, error) {
	separator := ""
	if len(args) > 1 {
		separator = args[1].(string)
	}
	all := elements(args[0])
	if len(all)*len(separator) > maxSize {
		return nil, errTooLarge
	}
	texts := make([]string, len(all))
	for i, element := range all {
		texts[i] = schema.Format(element)
	}
	return strings.Join(texts, separator), nil
}
