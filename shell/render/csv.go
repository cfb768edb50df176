package render

import "netql/query/schema"

// writeCSV writes RFC 4180 with a bare newline after each record. Bytes are kept as they are; NULL and the empty text
// are both an empty field, lists are their JSON text.
func writeCSV(out *output, columns []*schema.Column, rows Rows, options Options) error {
	return separated{comma: ',', appendField: appendCSV, marked: needsQuotes}.write(out, columns, rows, options)
}

// appendCSV quotes the field where it has to be: it holds a comma, a quote or a line break, or starts with a blank,
// which some readers would trim.
func appendCSV(b, field []byte) []byte {
	if !needsQuotes(field) {
		return append(b, field...)
	}
	b = append(b, '"')
	for _, c := range field {
		if c == '"' {
			b = append(b, '"')
		}
		b = append(b, c)
	}
	return append(b, '"')
}

func needsQuotes(field []byte) bool {
	for _, c := range field {
		if c == ',' || c == '"' || c == '\n' || c == '\r' {
			return true
		}
	}
	return len(field) > 0 && (field[0] == ' ' || field[0] == '\t')
}
