// Package schema says what columns, types and values are. It is the vocabulary that tables, the query engine, the
// expression bridge and the renderers share, and it depends on none of them.
package schema

// Kind says what a value is. The comment of each kind names its one Go type; nil is NULL in every kind.
type Kind uint8

// The kinds of values.
const (
	Any      Kind = iota // known only at run time: one of the Go types below
	Bool                 // bool
	Int                  // int
	Float                // float64
	Port                 // int: a transport port, which a service name may stand for
	Text                 // string: any bytes, not always UTF-8
	Enum                 // string: one word of Type.Words, in its canonical spelling
	Flags                // []string: words of Type.Words, in their declared order
	Address              // netip.Addr: never v4-mapped, with a zone where it is link-local
	Prefix               // netip.Prefix
	Endpoint             // netip.AddrPort
	MAC                  // schema.HardwareAddr
	Duration             // time.Duration
	Time                 // time.Time
	List                 // []any: elements of Type.Elem
	Object               // schema.Record: the fields of Type.Fields
	Series               // []float64: the last samples of a number, the newest last
)

var kindNames = [...]string{
	Any: "any", Bool: "bool", Int: "int", Float: "float", Port: "port", Text: "text", Enum: "enum", Flags: "flags",
	Address: "address", Prefix: "prefix", Endpoint: "endpoint", MAC: "mac", Duration: "duration", Time: "time",
	List: "list", Object: "record", Series: "series",
}

// String is the name that a person reads in help, docs and errors.
func (k Kind) String() string { return kindNames[k] }

// Type is a kind and what belongs to it.
type Type struct {
	Kind   Kind
	Words  *Vocabulary // of Enum and Flags
	Elem   *Type       // of List
	Fields []Field     // of Object
}

// Field is one named part of a record.
type Field struct {
	Name string
	Type Type
}

// String names the type: "int", "list of text".
func (t Type) String() string {
	if t.Kind == List && t.Elem != nil && t.Elem.Kind != Any {
		return "list of " + t.Elem.String()
	}
	return t.Kind.String()
}

// Numeric says whether arithmetic takes the value as a plain number.
func (t Type) Numeric() bool { return t.Kind == Int || t.Kind == Float || t.Kind == Port }

// Of is the type of a kind that needs nothing else.
func Of(k Kind) Type { return Type{Kind: k} }

// ListOf is the type of a list.
func ListOf(elem Type) Type { return Type{Kind: List, Elem: &elem} }

// Unit says what a number counts.
type Unit string

// The units. The language has literals of some; the others are only shown.
const (
	None          Unit = ""
	Bytes         Unit = "bytes"           // literals: 512B 4MiB
	BitsPerSecond Unit = "bits per second" // literals: 100Mbit
	Packets       Unit = "packets"
	Segments      Unit = "segments"
	Connections   Unit = "connections"
	Times         Unit = "times"
	Bits          Unit = "bits"  // of a mark or a mask: people read them in hexadecimal
	Mixed         Unit = "mixed" // of a computed number: it may be compared with any literal
)
