package expression

import (
	"errors"
	"strings"
)

// maxText bounds one computed text. Without it a short query, such as replace(replace(...)) with ever longer texts, would
// take all memory there is.
const maxText = 16 << 20

var errTooLarge = errors.New("the text would be longer than 16 MiB")

// bounded refuses what a function made too large.
func bounded(value any, err error) (any, error) {
	if s, ok := value.(string); ok && len(s) > maxText {
		return nil, errTooLarge
	}
	return value, err
}

func replaceText(args []any) (any, error) {
	s, before, after := args[0].(string), args[1].(string), args[2].(string)
	if len(s)+strings.Count(s, before)*(len(after)-len(before)) > maxText {
		return nil, errTooLarge
	}
	return strings.ReplaceAll(s, before, after), nil
}
