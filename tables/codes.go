package tables

import (
	"cmp"
	"strconv"

	"netql/query"
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

func (c codes) vocabulary() *schema.Vocabulary {
	words := make([]schema.Word, len(c))
	for i, each := range c {
		words[i] = each.Word
	}
	return schema.NewVocabulary(words...)
}

// name is the word of a number; "" for one that is not among them.
func (c codes) name(number uint32) string {
	for _, each := range c {
		if each.number == number {
			return each.Name
		}
	}
	return ""
}

// names are the words of the bits that are set.
func (c codes) names(bits uint32) (words []string) {
	for _, each := range c {
		if bits&each.number != 0 {
			words = append(words, each.Name)
		}
	}
	return words
}

// text is the word of a number, else the number itself.
func (c codes) text(number uint32) string {
	return cmp.Or(c.name(number), strconv.FormatUint(uint64(number), 10))
}

// number is a kernel's number, however wide.
type number interface {
	~uint8 | ~uint16 | ~uint32
}

// enumOf declares a column of the word for a number; NULL for a number that has none.
func enumOf[T any, N number](name, doc string, words codes, get func(*T) N) query.Column[T] {
	return query.Enum(name, doc, words.vocabulary(), func(row *T) string { return words.name(uint32(get(row))) })
}

// flagsOf declares a column of the words for the bits that are set; NULL where none is.
func flagsOf[T any, N number](name, doc string, words codes, get func(*T) N) query.Column[T] {
	return query.Flags(name, doc, words.vocabulary(), func(row *T) []string { return words.names(uint32(get(row))) })
}
