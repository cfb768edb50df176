package schema

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// ForPeople is a value as text for a person: sizes, rates and durations with a fitting unit and two or three
// significant digits, marks in hexadecimal, the elements of a list; - for NULL. Plain counts keep all their digits.
// Control characters are not escaped.
func ForPeople(v any, unit Unit) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case int:
		return Quantity(float64(v), unit, strconv.Itoa(v))
	case float64:
		return Quantity(v, unit, Short(v))
	case time.Duration:
		return ForPeopleDuration(v)
	case time.Time:
		return v.Format(time.DateTime)
	case []string:
		return Elements(v, strings.Clone)
	case []any:
		return Elements(v, func(element any) string { return ForPeople(element, unit) })
	}
	return Format(v)
}

// Elements is the elements with commas between them; [] for none.
func Elements[T any](elements []T, format func(T) string) string {
	if len(elements) == 0 {
		return "[]"
	}
	texts := make([]string, len(elements))
	for i, element := range elements {
		texts[i] = format(element)
	}
	return strings.Join(texts, ",")
}

// scale is a series of units, each step times as large as the one before.
type scale struct {
	step  float64
	units []string
}

var (
	sizes     = scale{1024, []string{"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}}
	rates     = scale{1000, []string{"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s", "Pbit/s"}}
	durations = scale{1000, []string{"ns", "µs", "ms", "s"}}
)

// exactSize is from how many bytes on sizes are rounded: an MTU of 1500 bytes is shown as 1500 B, not as 1.5 KiB.
const exactSize = 10_000

// Quantity is a number with its unit, scaled; exact is its text without a unit, for units that are not scaled.
func Quantity(f float64, unit Unit, exact string) string {
	switch {
	case unit == Bytes && math.Abs(f) < exactSize:
		return exact + " B"
	case unit == Bytes:
		return sizes.format(f)
	case unit == BitsPerSecond:
		return rates.format(f)
	case unit == Bits && f >= 0 && f == math.Trunc(f) && f <= math.MaxUint32:
		return "0x" + strconv.FormatUint(uint64(f), 16)
	}
	return exact
}

// format is a number in the largest unit of which it has at least one, after rounding.
func (s scale) format(f float64) string {
	i := 0
	for i < len(s.units)-1 && math.Abs(f) >= s.step-0.5 {
		f /= s.step
		i++
	}
	return digits(f) + " " + s.units[i]
}

// digits is a number with one decimal below 100 and none above; a decimal of zero is left out.
func digits(f float64) string {
	if math.Abs(f) >= 99.95 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

// Short is a number with four significant digits, or all digits before the point where those are more.
func Short(f float64) string {
	if a := math.Abs(f); a >= 1000 && a < 1e15 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', 4, 64)
}

// ForPeopleDuration is a time span in one unit below a minute and in two above: 5.2 ms, 12 s, 2m5s, 3d4h.
func ForPeopleDuration(d time.Duration) string {
	const day = 24 * time.Hour
	switch a := d.Abs(); {
	case a == 0:
		return "0 s"
	case a < time.Minute:
		return durations.format(float64(d))
	case a < time.Hour:
		return twoUnits(d, time.Minute, "m", time.Second, "s")
	case a < day:
		return twoUnits(d, time.Hour, "h", time.Minute, "m")
	}
	return twoUnits(d, day, "d", time.Hour, "h")
}

// twoUnits is a time span in two units, rounded down.
func twoUnits(d, big time.Duration, bigName string, small time.Duration, smallName string) string {
	text := strconv.Itoa(int(d/big)) + bigName
	if rest := d.Abs() % big / small; rest > 0 {
		text += strconv.Itoa(int(rest)) + smallName
	}
	return text
}

// PeopleRead is the value of a row as people read it.
func (c *Column) PeopleRead(row Row) string { return c.People(c.Get(row)) }

// People is a value of the column as people read it.
func (c *Column) People(value any) string {
	if c.ForPeople != nil && value != nil {
		return c.ForPeople(value)
	}
	return ForPeople(value, c.Unit)
}

// Percent is a share in percent, with about two digits that matter.
func Percent(v any) string {
	share, _ := v.(float64)
	p := 100 * share
	switch {
	case p >= 10:
		return strconv.FormatFloat(p, 'f', 0, 64) + " %"
	case p >= 0.1:
		return strconv.FormatFloat(p, 'f', 1, 64) + " %"
	}
	return strconv.FormatFloat(p, 'g', 2, 64) + " %"
}
