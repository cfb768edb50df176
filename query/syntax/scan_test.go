package syntax

import (
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
)

func TestScan(t *testing.T) {
	for text, want := range map[string]string{
		``:                                  ``,
		`sockets lport==22`:                 `sockets lport == 22`,
		"a // to the end\n/* here */ b":     `a b`,
		"# the whole line\n  # this too\na": `a`,
		`any(x, # == 5)`:                    `any ( x , # == 5 )`,
		"`my name` == 'it' + \"s\"":         "`my name` == 'it' + \"s\"",
		`1..5`:                              `1 .. 5`,
		`1.5..2.5`:                          `1.5 .. 2.5`,
		`10.0.0.1..10.0.0.9`:                `10.0.0.1 .. 10.0.0.9`,
		`fe80::1%eth0..fe80::2%eth0`:        `fe80::1%eth0 .. fe80::2%eth0`,
		`owners[0].pid`:                     `owners [ 0 ] . pid`,
		`owners[0]?.f00`:                    `owners [ 0 ] ?. f00`,
		`a.e1:b`:                            `a . e1 : b`,
		`x?.y:z`:                            `x ?. y : z`,
		`raddr == fe80::1: count()`:         `raddr == fe80::1 : count ( )`,
		`raddr == fe80::: count()`:          `raddr == fe80:: : count ( )`,
		`mac == 02:00:00:00:00:01: count()`: `mac == 02:00:00:00:00:01 : count ( )`,
		`cafe:n=1`:                          `cafe : n = 1`,
		`10.0.0.0/8/2`:                      `10.0.0.0/8 / 2`,
		`a||b&&!c`:                          `a || b && ! c`,
		`2**3^4`:                            `2 ** 3 ^ 4`,
		`-5ms`:                              `- 5ms`,
		`5µs`:                               `5µs`,
		`0x1f..0x2f`:                        `0x1f .. 0x2f`,
		`x % y`:                             `x % y`,
		`80%`:                               `80%`,
		`x > 80% and y`:                     `x > 80% and y`,
		`x > 80% not in z`:                  `x > 80% not in z`,
		`[5%, 1.5%]`:                        `[ 5% , 1.5% ]`,
		`5%..10%`:                           `5% .. 10%`,
		`x > 80%|y`:                         `x > 80% | y`,
		`80%!=x`:                            `80% != x`,
		`80%3`:                              `80 % 3`,
		`80% x`:                             `80 % x`,
		`80%(x)`:                            `80 % ( x )`,
		`80% -3`:                            `80 % - 3`,
		`80% not x`:                         `80 % not x`,
		`80 %`:                              `80 %`,
	} {
		tokens, err := Scan(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var got []string
		for _, token := range tokens {
			got = append(got, token.Text)
			if inside := text[token.Range.Start:token.Range.End]; inside != token.Text {
				t.Errorf("%q: token %q has the range of %q", text, token.Text, inside)
			}
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%q: tokens %s, want %s", text, got, want)
		}
	}
}

func TestLiterals(t *testing.T) {
	none, size, rate := schema.None, schema.Bytes, schema.BitsPerSecond
	for text, want := range map[string]any{
		`0`: 0, `12`: 12, `007`: 7, `1_000`: 1000, `0x1f`: 31, `0b101`: 5, `0o17`: 15, `9223372036854775807`: 1<<63 - 1,
		`1.5`: 1.5, `1e3`: 1000.0, `1.5e-3`: 0.0015, `1_0.5`: 10.5,
		`80%`: 0.8, `7%`: 0.07, `0.5%`: 0.005, `100%`: 1.0,

		`5ns`: 5 * time.Nanosecond, `5us`: 5 * time.Microsecond, `5µs`: 5 * time.Microsecond,
		`5μs`: 5 * time.Microsecond,
		`5ms`: 5 * time.Millisecond, `1.5s`: 1500 * time.Millisecond, `2m`: 2 * time.Minute, `3h`: 3 * time.Hour,
		`3d`: 72 * time.Hour, `1w`: 168 * time.Hour,
		`1h30m`: 90 * time.Minute, `1d2h3m4s5ms`: 26*time.Hour + 3*time.Minute + 4*time.Second + 5*time.Millisecond,
		`0x10ms`: 16 * time.Millisecond,
		`0s`:     time.Duration(0), `1_000ms`: time.Second, `1e3ms`: time.Second,

		`512B`: Quantity{512, size}, `10kB`: Quantity{10_000, size}, `10KB`: Quantity{10_000, size},
		`10MB`: Quantity{10_000_000, size},
		`4MiB`: Quantity{4 << 20, size}, `1.5KiB`: Quantity{1536, size}, `0.1B`: Quantity{0.1, size},
		`8GiB`: Quantity{8 << 30, size}, `2TiB`: Quantity{2 << 40, size}, `1PiB`: Quantity{1 << 50, size},
		`10k`: Quantity{10_000, none}, `5M`: Quantity{5_000_000, none}, `3G`: Quantity{3_000_000_000, none},
		`2T`: Quantity{2_000_000_000_000, none}, `1Ki`: Quantity{1024, none}, `1.5k`: Quantity{1500, none},
		`0x10k`: Quantity{16_000, none},
		`8bit`:  Quantity{8, rate}, `64kbit`: Quantity{64_000, rate}, `100Mbit`: Quantity{100_000_000, rate},
		`10Gbit`: Quantity{10_000_000_000, rate}, `1Mibit`: Quantity{1 << 20, rate},

		`10.0.0.1`: netip.MustParseAddr("10.0.0.1"), `2001:db8::1`: netip.MustParseAddr("2001:db8::1"),
		`::`: netip.IPv6Unspecified(), `::1`: netip.IPv6Loopback(),
		`FE80::1%eth0.5`: netip.MustParseAddr("fe80::1%eth0.5"), `::ffff:10.0.0.1`: netip.MustParseAddr("10.0.0.1"),
		`10.0.0.0/8`: netip.MustParsePrefix("10.0.0.0/8"), `::/0`: netip.MustParsePrefix("::/0"),
		`2001:db8::/32`:       netip.MustParsePrefix("2001:db8::/32"),
		`::ffff:10.0.0.0/104`: netip.MustParsePrefix("10.0.0.0/8"), `::ffff:0:0/96`: netip.MustParsePrefix("0.0.0.0/0"),
		`2562047h47m16.854775807s`: time.Duration(math.MaxInt64), `1.5ns1.5ns`: 3 * time.Nanosecond,
		`aa:bb:cc:dd:ee:ff`:       schema.HardwareAddr("\xaa\xbb\xcc\xdd\xee\xff"),
		`AA:BB:CC:DD:EE:0F`:       schema.HardwareAddr("\xaa\xbb\xcc\xdd\xee\x0f"),
		`02:00:00:00:00:00:00:01`: schema.HardwareAddr("\x02\x00\x00\x00\x00\x00\x00\x01"),

		`"a\"b"`: `a"b`, `'a\'b'`: `a'b`, `"\x1b\u00e9\n\\"`: "\x1bé\n\\", `"\xff"`: "\xff", `"é|#//"`: "é|#//",
		"\"two\nlines\"": "two\nlines", `""`: "", "`a b`": "a b",
	} {
		tokens, err := Scan(text)
		if err != nil || len(tokens) != 1 || tokens[0].Value != want {
			t.Errorf("%s: %v (error %v), want %#v", text, tokens, err, want)
		}
	}
}

// TestWrongText holds every error of the scanner against its place, its message and its hint.
func TestWrongText(t *testing.T) {
	for text, want := range map[string][3]string{ // the text inside the range, the message, the hint
		`x == "abc`:  {`"`, "this string is never closed", `close it with "`},
		`x == 'abc\`: {`'`, "this string is never closed", `close it with '`},
		`x == "a\q"`: {`\q`, `unknown escape \q`, `a backslash in text is written \\`},
		"x == `abc":  {"`", "this name is never closed", "close it with `"},
		"x == ``":    {"``", "a name needs at least one character", "for example: `my name`"},
		`x /* y`:     {`/*`, "this comment is never closed", "close it with */"},
		`x == 10.0.0.256`: {`10.0.0.256`, `"10.0.0.256" is not an address: 256 is above 255`,
			"addresses look like 10.0.0.1, 2001:db8::1, fe80::1%eth0"},
		`10.0.0.0.0`: {`10.0.0.0.0`, `"10.0.0.0.0" is not an address: IPv4 address too long`,
			"addresses look like"},
		`10.0.0`: {`10.0.0`, `"10.0.0" is not an address: IPv4 address too short`, "addresses look like"},
		`1:2:3`:  {`1:2:3`, `"1:2:3" is not an address: address string too short`, "addresses look like"},
		`10.0.0.0/33`: {`10.0.0.0/33`, `"10.0.0.0/33" is not a prefix: prefix length out of range`,
			"prefixes look like 10.0.0.0/8"},
		`fe80::1%eth0/64`: {`fe80::1%eth0/64`,
			`"fe80::1%eth0/64" is not a prefix: IPv6 zones cannot be present in a prefix`, "prefixes look like"},
		`10.0.0.1x`:          {`x`, `unexpected "x" after 10.0.0.1`, "put a blank between them"},
		`02:00:00:00:00:01z`: {`z`, `unexpected "z" after 02:00:00:00:00:01`, "put a blank between them"},
		`5mz`:                {`mz`, `unknown unit "mz"`, "did you mean 5ms?"},
		`5min`:               {`min`, `unknown unit "min"`, "did you mean 5m?"},
		`5kb`:                {`kb`, `unknown unit "kb"`, "did you mean 5kB?"},
		`10mbps`:             {`mbps`, `unknown unit "mbps"`, "did you mean 10Mbit?"},
		`5parsecs`: {`parsecs`, `unknown unit "parsecs"`,
			"units: 5ms 2m 3d (time), 4MiB 10MB (size), 100Mbit (rate), 10k (count)"},
		`1h30`: {`0`, `a unit is missing after 1h30`, "for example: 1h30m"},
		`1h5k`: {`k`, `unknown unit "k"`, "did you mean"},
		`5k3`:  {`3`, `unexpected "3" after 5k`, "put a blank between them"},
		`9223372036854775808`: {`9223372036854775808`, `9223372036854775808 is out of range`,
			"the largest number is 9223372036854775807"},
		`9e400`:  {`9e400`, `9e400 is out of range`, "the largest number is"},
		`9e307k`: {`9e307k`, `9e307k is out of range`, "the largest number is"},
		`10000P`: {`10000P`, `10000P is out of range`, "the largest number is"},
		`2562047h47m16.854775808s`: {`2562047h47m16.854775808s`, `2562047h47m16.854775808s is out of range`,
			"the largest number is"},
		`300000d`:    {`300000d`, `300000d is out of range`, "the largest number is"},
		`0b12`:       {`0b12`, `0b12 is not a number`, "0b a binary number"},
		`0x_`:        {`0x_`, `0x_ is not a number`, "0x starts a hexadecimal"},
		`x.5`:        {`.`, `a name must follow "." directly`, "for example: owners[0].pid"},
		`x.`:         {`.`, `a name must follow "." directly`, "for example: owners[0].pid"},
		`x === y`:    {`===`, `netql has no "==="`, ""},
		`x =~ y`:     {`=~`, `netql has no "=~"`, ""},
		`x !~ y`:     {`!~`, `netql has no "!~"`, ""},
		`x !== y`:    {`!==`, `netql has no "!=="`, ""},
		`x & y`:      {`&`, `netql has no "&"`, ""},
		`x;y`:        {`;`, `netql has no ";"`, "one pipeline"},
		`x @ y`:      {`@`, `unexpected character '@'`, "text needs quotes"},
		`naïve`:      {`ï`, `unexpected character 'ï'`, "text needs quotes"},
		"x\u202ey":   {"\u202e", `unexpected character \u202e`, "text needs quotes"},
		"x \x00":     {"\x00", `the query holds the control character \x00`, `it is written \x00 inside quotes`},
		"\ufffd\x1b": {"\x1b", `the query holds the control character \x1b`, `it is written \x1b inside quotes`},
		"x \xff":     {"\xff", `the query is not valid UTF-8`, `is written \xff`},
		`x) + y`:     {`)`, `")" closes nothing`, "leave it out, or open it before"},
		`(x]`:        {`(x]`, `"(" is closed by "]"`, `close it with ")"`},
		`(x + [y)`:   {`[y)`, `"[" is closed by ")"`, `close it with "]"`},
		`{x`:         {`{`, `"{" is never closed`, `close it with "}"`},
	} {
		_, err := tokenize(text)
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		if got := text[err.Range.Start:err.Range.End]; got != want[0] || err.Error() != want[1] ||
			!strings.Contains(err.Hint, want[2]) {
			t.Errorf("%q: place %q: %s (hint %s), want place %q: %s (hint %s)", text, got, err.Message, err.Hint,
				want[0], want[1], want[2])
		}
	}
}

// TestLimits: what is too long or too deep is refused before anything is built from it.
func TestLimits(t *testing.T) {
	for text, want := range map[string]string{
		strings.Repeat("(", 1<<20):   "the query is longer than 65536 bytes",
		strings.Repeat("(", 1000):    "brackets nest deeper than 500",
		"t\n" + string([]byte{0xfe}): "the query is not valid UTF-8",
	} {
		if _, err := tokenize(text); err == nil || err.Error() != want || err.Hint == "" || err.Incomplete {
			t.Errorf("%.20q: error %v, want %s", text, err, want)
		}
	}
}
