package render

import (
	"math"
	"strconv"
	"strings"
	"time"

	"netql/query/schema"
)

// MillisOfDay is the layout of a time of day with its milliseconds.
const MillisOfDay = "15:04:05.000"

// null is the text of NULL in formats for people.
const null = "-"

// valueForPeople is a value of a column as text for a person.
func valueForPeople(c *schema.Column, v any) string {
	if c.ForPeople != nil && v != nil {
		return c.ForPeople(v)
	}
	if t, ok := v.(time.Time); ok && c.Millis {
		return t.Format(time.DateOnly + " " + MillisOfDay)
	}
	return forPeople(v, c.Unit)
}

// forPeople is a value as text for a person: sizes, rates and durations with a fitting unit and two or three
// significant digits, marks in hexadecimal, the elements of a list. Plain counts keep all their digits. Control
// characters are not escaped yet.
func forPeople(v any, unit schema.Unit) string {
	switch v := v.(type) {
	case nil:
		return null
	case int:
		return quantity(float64(v), unit, strconv.Itoa(v))
	case float64:
		return quantity(v, unit, short(v))
	case time.Duration:
		return duration(v)
	case time.Time:
		return v.Format(time.DateTime)
	case []string:
		return list(v, strings.Clone)
	case []float64:
		scale := interval{}
		scale.add(v)
		return scale.spark(v, blocks)
	case []any:
		return list(v, func(element any) string { return forPeople(element, unit) })
	}
	return schema.Format(v)
}

// list is the elements with commas between them; [] for none.
func list[T any](elements []T, format func(T) string) string {
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

// quantity is a number with its unit, scaled; exact is its text without a unit, for units that are not scaled.
func quantity(f float64, unit schema.Unit, exact string) string {
	switch {
	case unit == schema.Bytes && math.Abs(f) < exactSize:
		return exact + " B"
	case unit == schema.Bytes:
		return sizes.format(f)
	case unit == schema.BitsPerSecond:
		return rates.format(f)
	case unit == schema.Bits && f >= 0 && f == math.Trunc(f) && f <= math.MaxUint32:
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

// short is a number with four significant digits, or all digits before the point where those are more.
func short(f float64) string {
	if a := math.Abs(f); a >= 1000 && a < 1e15 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', 4, 64)
}

// Size is a number of bytes as people read it.
func Size(bytes int) string { return quantity(float64(bytes), schema.Bytes, strconv.Itoa(bytes)) }

// Duration is a time span as people read it.
func Duration(d time.Duration) string { return duration(d) }

// duration is a time span in one unit below a minute and in two above: 5.2 ms, 12 s, 2m5s, 3d4h.
func duration(d time.Duration) string {
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
