package netlink

// A RequestKind describes one kind of request: which of its parts only narrow the answer. All other parts say what is
// listed. A recorded answer serves each request that lists the same and narrows it as much or more.
type RequestKind struct {
	Type           uint16  // the message type, such as unix.RTM_GETROUTE
	First          []uint8 // the header's first byte: address families, generic netlink's commands; nil for any
	SocketProtocol uint8   // the second byte, in socket diagnostics the IP protocol; 0 for any
	Header         int     // bytes of the structure in front of the attributes
	Lists          string  // names what it lists, if another kind of request lists the same; else ""

	// Single: it looks one object up instead of listing all. Its payload holds nothing that redaction must remove. With
	// Lists it looks up one of those, and a recorder lists all instead.
	Single bool

	// ByFamily: the first byte of requests and messages is an address family; AF_UNSPEC asks for IPv4 and IPv6.
	ByFamily   bool
	Fields     []Field
	Bits       []Bits
	Attributes []Condition
	Choice     *Choice
}

// A Field is a number in the header of requests, and in that of messages. Where it is not zero, only messages with the
// same number are listed.
type Field struct {
	Offset, Size int
	Moved        int  // by how many bytes it is further on in messages than in requests
	Unrecorded   bool // a recorder asks without it
}

// A Condition is an attribute of a request: only messages that show the same value are listed.
type Condition struct {
	Type       uint16
	Shown      Shown
	Unrecorded bool // a recorder asks without it
}

// Shown says where a message shows a value: in an attribute of a type, else in the header at Offset.
type Shown struct {
	Hidden    bool // messages do not show it in one place, or not at all
	Attribute uint16
	Offset    int
}

// Bits are a field of the header, or else an attribute, with a bit for each thing that is wanted: states, attributes.
type Bits struct {
	Offset, Size int
	Attribute    uint16

	Shown    Shown   // where messages have the number of their bit in the header; hidden if bits ask for attributes
	ShownAs  []Alias // bits whose messages show the number of another bit, which has no messages of its own
	Inverted uint64  // bits that ask for less, not for more
	Recorded uint64  // bits with which a recorder asks, beside those that it was asked with
}

// An Alias is a bit whose messages show the number of another.
type Alias struct{ Bit, Shown uint8 }

// A Choice is a bit of a field of four bytes in the header. A request with the bit lists only messages that have it
// at the same place. One without lists those that do not have it, if it is narrowed by more than the family, and else
// all.
type Choice struct {
	Offset int
	Bit    uint32
}

// Is says whether a request is of this kind, as far as its type and its header tell.
func (k *RequestKind) Is(r Request) bool {
	return k.Type == r.Type && k.Single == r.Single && len(r.Payload) >= k.Header && startsWith(k.First, r.Payload) &&
		(k.SocketProtocol == 0 || r.Payload[1] == k.SocketProtocol)
}
