package render

import "netql/query/schema"

// writeTSV writes tab-separated lines. Tab, newline, carriage return and backslash are escaped by a backslash, all
// other bytes are kept; NULL and the empty text are both an empty field, lists are their JSON text.
func writeTSV(out *output, columns []*schema.Column, rows Rows, options Options) error {
	return separated{comma: '\t', appendField: appendTSV, marked: needsEscapes}.write(out, columns, rows, options)
}

func appendTSV(b, field []byte) []byte {
	for _, c := range field {
		switch c {
		case '\t':
			b = append(b, '\\', 't')
		case '\n':
			b = append(b, '\\', 'n')
		case '\r':
			b = append(b, '\\', 'r')
		case '\\':
			b = append(b, '\\', '\\')
		default:
			b = append(b, c)
		}
	}
	return b
}

func needsEscapes(field []byte) bool {
	for _, c := range field {
		if c == '\t' || c == '\n' || c == '\r' || c == '\\' {
			return true
		}
	}
	return false
}
