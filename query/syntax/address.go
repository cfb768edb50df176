package syntax

import (
	"strconv"
	"strings"

	"netql/query/schema"
)

// longestAddress is more bytes than any address has. It bounds the text that is scanned again at every token.
const longestAddress = 64

// scanAddress reads an IPv4 or IPv6 address, a prefix, or a MAC address.
func scanAddress(text string) (Token, *Error) {
	start := text[:min(len(text), longestAddress)]
	n := prefixLength(start, hexDigits+":.")
	if strings.Count(text[:n], ":") < 2 {
		return scanIPv4(text, prefixLength(start, digits+"."))
	}
	if end := text[:n]; strings.HasSuffix(end, ":::") || strings.HasSuffix(end, ":") && !strings.HasSuffix(end, "::") {
		n-- // the colon of group, or of a ? b : c
	}
	if n < len(text) && wordByte(text[n], true) && !strings.Contains(digits+":", text[:1]) {
		return Token{}, nil // a word that starts like an address
	}
	if mac, ok := schema.ParseHardwareAddr(text[:n]); ok {
		return literal(text[:n], mac), trailing(text, n)
	}
	if text[0] == ':' && !strings.HasPrefix(text, "::") {
		return Token{}, nil
	}
	if n+1 < len(text) && text[n] == '%' {
		n += 1 + prefixLength(text[n+1:], letters+digits+"_-.@")
	}
	return finishAddress(text, n)
}

// scanIPv4 takes n digits and dots for an address where there are two dots or more; with less it is a number.
func scanIPv4(text string, n int) (Token, *Error) {
	n = len(strings.TrimRight(text[:n], "."))
	if strings.Count(text[:n], ".") < 2 {
		return Token{}, nil
	}
	return finishAddress(text, n)
}

// finishAddress parses the address in text[:n] and the prefix length that may follow it.
func finishAddress(text string, n int) (Token, *Error) {
	addr, err := schema.ParseAddr(text[:n])
	if err != nil {
		return Token{}, Errorf(Range{0, n}, "%q is not an address: %s", text[:n], addressFault(text[:n], err)).
			WithHint("addresses look like 10.0.0.1, 2001:db8::1, fe80::1%%eth0")
	}
	bits := 0
	if n < len(text) && text[n] == '/' {
		bits = prefixLength(text[n+1:], digits)
	}
	if bits == 0 {
		return literal(text[:n], addr), trailing(text, n)
	}
	n += 1 + bits
	prefix, err := schema.ParsePrefix(text[:n])
	if err != nil {
		return Token{}, Errorf(Range{0, n}, "%q is not a prefix: %s", text[:n], addressFault(text[:n], err)).
			WithHint("prefixes look like 10.0.0.0/8 and 2001:db8::/32")
	}
	return literal(text[:n], prefix), trailing(text, n)
}

// addressFault is the reason in the parser's error, without the function and the text, which the message has already.
func addressFault(text string, err error) string {
	reason := err.Error()
	if i := strings.LastIndex(reason, ": "); i >= 0 {
		reason = reason[i+2:]
	}
	for part := range strings.SplitSeq(text, ".") {
		if n, err := strconv.Atoi(part); err == nil && n > 255 {
			return part + " is above 255"
		}
	}
	if strings.Contains(reason, "ParseAddr") {
		return "an IPv4 address has four numbers, an IPv6 address up to eight groups"
	}
	return reason
}
