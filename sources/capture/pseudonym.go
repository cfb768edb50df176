package capture

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"math/bits"
	"net/netip"
	"slices"
	"strings"

	"netql/sources/cgroup"
	"netql/sources/containers"
)

// pseudonyms replace what identifies people and machines. Within a capture equal values have equal pseudonyms. The key
// is random and not kept, so that captures cannot be compared and pseudonyms cannot be reversed.
type pseudonyms struct {
	key    []byte
	cipher cipher.Block
	mapped map[netip.Addr]netip.Addr

	classes4, classes6 []class

	plainWords map[string]bool // components of paths that are kept
}

func newPseudonyms() (*pseudonyms, error) {
	key := make([]byte, 48)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key[:16])
	if err != nil {
		return nil, err
	}
	plain := map[string]bool{}
	for _, word := range slices.Concat(plainComponents, containers.PathWords()) {
		plain[word] = true
	}
	return &pseudonyms{
		key: key[16:], cipher: block, mapped: map[netip.Addr]netip.Addr{}, plainWords: plain,
		classes4: append(classes(true, unchanged4), classes(false, classPrefixes4)...),
		classes6: append(classes(true, unchanged6), classes(false, classPrefixes6)...),
	}, nil
}

// class is a prefix with a meaning of its own, such as 127.0.0.0/8: its addresses stay in it, or stay unchanged.
type class struct {
	prefix    netip.Prefix
	unchanged bool
}

func classes(unchanged bool, prefixes []string) []class {
	var list []class
	for _, p := range prefixes {
		list = append(list, class{netip.MustParsePrefix(p), unchanged})
	}
	return list
}

// The classes of IPv4 (RFC 6890) and IPv6 (RFC 4291). A solicited-node group ends in a part of an address.
var (
	unchanged4     = []string{"0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/24", "255.255.255.255/32"}
	classPrefixes4 = []string{
		"10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4",
		"239.0.0.0/8",
	}
	unchanged6     = []string{"::/127", "ff01::/112", "ff02::/112", "ff05::/112"}
	classPrefixes6 = []string{
		"fe80::/64", "fc00::/7", "2000::/3", "ff00::/8", "ff01::/16", "ff02::/16", "ff02::1:ff00:0/104", "ff05::/16",
		"ff08::/16", "ff0e::/16",
	}
)

// address is the pseudonym of an address. Two addresses have as many bits in common as their pseudonyms (Crypto-PAn,
// Xu and others 2002), so that a prefix stays a prefix.
func (p *pseudonyms) address(a netip.Addr) netip.Addr {
	if known, ok := p.mapped[a]; ok {
		return known
	}
	var mapped netip.Addr
	switch {
	case a.Is4():
		mapped = netip.AddrFrom4([4]byte(p.scramble(a.AsSlice(), p.classes4)))
	case a.Is4In6():
		mapped = netip.AddrFrom16(p.address(a.Unmap()).As16())
	default:
		mapped = netip.AddrFrom16([16]byte(p.scramble(a.AsSlice(), p.classes6)))
	}
	p.mapped[a] = mapped
	return mapped
}

// scramble flips each bit or not, as the cipher of the bits before it decides. The bits of a class stay, and so does
// the first bit in which an address differs from a class, so that no address moves into a class or out of one.
func (p *pseudonyms) scramble(b []byte, classes []class) []byte {
	kept := 0
	for _, c := range classes {
		common := commonBits(b, c.prefix.Addr().AsSlice())
		if kept = max(kept, min(common+1, c.prefix.Bits())); c.unchanged && common >= c.prefix.Bits() {
			return b
		}
	}
	result := bytes.Clone(b)
	var block, pad [aes.BlockSize]byte
	copy(pad[:], p.key)
	pad[15] ^= byte(len(b))
	for i := kept; i < 8*len(b); i++ {
		clear(block[:])
		copy(block[:], b[:i/8])
		block[i/8] = b[i/8]&(0xff<<(8-i%8)) | 0x80>>(i%8) // the one behind them tells how many bits there are
		subtle.XORBytes(block[:], block[:], pad[:])
		p.cipher.Encrypt(block[:], block[:])
		result[i/8] ^= block[0] & 0x80 >> (i % 8)
	}
	return result
}

func commonBits(a, b []byte) int {
	for i := range a {
		if x := a[i] ^ b[i]; x != 0 {
			return 8*i + bits.LeadingZeros8(x)
		}
	}
	return 8 * len(a)
}

// addressBytes is the pseudonym of an address given as 4 or 16 bytes; other bytes become zeros.
func (p *pseudonyms) addressBytes(b []byte) []byte {
	if a, ok := netip.AddrFromSlice(b); ok {
		return p.address(a).AsSlice()
	}
	return make([]byte, len(b))
}

// prefixBytes is the pseudonym of a network, whose bits behind its length stay zero.
func (p *pseudonyms) prefixBytes(b []byte, length int) []byte {
	a, ok := netip.AddrFromSlice(p.addressBytes(b))
	if !ok {
		return make([]byte, len(b))
	}
	prefix, err := a.Prefix(min(length, a.BitLen()))
	if err != nil {
		return make([]byte, len(b))
	}
	return prefix.Addr().AsSlice()
}

// groups are the first bytes of link-layer multicast addresses, which end in a part of the group's IP address.
var groups = []string{"\x01\x00\x5e", "\x33\x33"}

// hardware is the pseudonym of a link-layer address: that of a tunnel is an IP address. It is locally administered,
// and a group where the original is one; broadcast and zero stay.
func (p *pseudonyms) hardware(b []byte) []byte {
	switch {
	case len(b) == 4 || len(b) == 16:
		return p.addressBytes(b)
	case isZero(b) || !slices.ContainsFunc(b, func(c byte) bool { return c != 0xff }):
		return b
	}
	sum := p.sum("hardware", string(b))
	result := append(sum, make([]byte, len(b))...)[:len(b)]
	result[0] = result[0]&^3 | 2 | b[0]&1
	for _, group := range groups {
		if len(b) == 6 && strings.HasPrefix(string(b), group) {
			copy(result, group)
		}
	}
	return result
}

func (p *pseudonyms) sum(kind, value string) []byte {
	h := hmac.New(sha256.New, p.key)
	h.Write([]byte(kind + "\x00" + value))
	return h.Sum(nil)
}

// name is the pseudonym of a name of some kind: "process-" and ten digits would not fit where the kernel has 15
// bytes, so kinds are short.
func (p *pseudonyms) name(kind, value string) string {
	if value == "" {
		return ""
	}
	return kind + "-" + hex.EncodeToString(p.sum(kind, value))[:10]
}

// Parts of the names of files and control groups that are kept, because they are the same on every machine.
var (
	plainComponents = []string{
		"", ".", "..", "system.slice", "user.slice", "machine.slice", "init.scope", "docker", "kubepods",
		"kubepods.slice",
		"run", "var", "tmp", "usr", "dev", "user",
	}
	unitSuffixes      = []string{".service", ".scope", ".slice", ".socket", ".mount", ".swap"}
	lxcPrefix         = "lxc.payload."
	containerPrefixes = []string{"docker-", "cri-containerd-", "containerd-", "nerdctl-", "libpod-", "crio-"}
)

// path is the pseudonym of a path, component by component.
func (p *pseudonyms) path(value string) string {
	components := strings.Split(value, "/")
	for i, c := range components {
		components[i] = p.component(c)
	}
	return strings.Join(components, "/")
}

func (p *pseudonyms) component(c string) string {
	if p.plainWords[c] || userGroup(c) {
		return c
	}
	for _, suffix := range unitSuffixes {
		if rest, ok := strings.CutSuffix(c, suffix); ok && rest != "" {
			return p.container(rest) + suffix
		}
	}
	return p.container(c)
}

// userGroup says that a component is the control group of all that a user runs, whose number is kept elsewhere, too.
func userGroup(c string) bool {
	uid := cgroup.User(c)
	return uid != "" && c == "user-"+uid+".slice"
}

// container keeps the form of a container's id, 64 hexadecimal digits, and what runtimes put before it.
func (p *pseudonyms) container(c string) string {
	for _, prefix := range append(containerPrefixes, "") {
		id, ok := strings.CutPrefix(c, prefix)
		if raw, err := hex.DecodeString(id); ok && err == nil && len(raw) == 32 {
			return prefix + hex.EncodeToString(p.sum("container", id))
		}
	}
	if name, ok := strings.CutPrefix(c, lxcPrefix); ok {
		return lxcPrefix + p.name("x", name)
	}
	return p.name("x", c)
}
