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

// numbered are words for numbers that follow each other, from 0.
func numbered(words ...string) codes {
	c := make(codes, len(words))
	for i, word := range words {
		c[i] = named(uint32(i), word)
	}
	return c
}

// bits are words for bits that follow each other.
func bits(lowest uint32, words ...string) codes {
	c := numbered(words...)
	for i := range c {
		c[i].number = lowest << i
	}
	return c
}

// enum is the type of columns that have one of the words.
func (c codes) enum() schema.Type { return enum(c.vocabulary()) }

// set is the type of columns that have some of the words.
func (c codes) set() schema.Type { return schema.Type{Kind: schema.Flags, Words: c.vocabulary()} }

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
