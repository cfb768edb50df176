package tables

import (
	"strconv"

	"netql/query/schema"
)

// code is a kernel's number for a word.
type code struct {
	number uint32
	schema.Word
}

// codes are the words of an enum, or the bits of flags, in their sorting order.
type codes []code

// named lists a code without aliases.
func named(number uint32, word string) code { return code{number, schema.Word{Name: word}} }

func (c codes) vocabulary() *schema.Vocabulary {
	words := make([]schema.Word, len(c))
	for i, each := range c {
		words[i] = each.Word
	}
	return schema.NewVocabulary(words...)
}

// word is the word of a number; NULL for one that is not among them.
func (c codes) word(number uint32) any {
	for _, each := range c {
		if each.number == number {
			return each.Name
		}
	}
	return nil
}

// text is the word of a number, else the number itself.
func (c codes) text(number uint32) string {
	if word, ok := c.word(number).(string); ok {
		return word
	}
	return strconv.FormatUint(uint64(number), 10)
}

// flags are the words of the bits that are set; NULL where none is.
func (c codes) flags(bits uint32) any {
	var words []string
	for _, each := range c {
		if bits&each.number != 0 {
			words = append(words, each.Name)
		}
	}
	return orNull(words, len(words) > 0)
}
