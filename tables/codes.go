package tables

import (
	"cmp"
	"strconv"

	"netql/query"
	"netql/query/schema"
)

// code is a number of the kernel's, and the word that stands for it in queries.
type code struct {
	number uint32
	schema.Word
}

// codes are the words of an enum, or the bits of flags, in their sorting order.
type codes []code

// named is a code whose word has no aliases.
func named(number uint32, word string) code { return code{number, schema.Word{Name: word}} }

// numbered are the codes of words for the numbers 0, 1, 2 and so on.
func numbered(words ...string) codes {
	c := make(codes, len(words))
	for i, word := range words {
		c[i] = named(uint32(i), word)
	}
	return c
}

// bits are the codes of words for a bit and those above it, one after the other.
func bits(lowest uint32, words ...string) codes {
	c := numbered(words...)
	for i := range c {
		c[i].number = lowest << i
	}
	return c
}

// vocabulary is the words as the vocabulary of a column.
func (c codes) vocabulary() *schema.Vocabulary {
	words := make([]schema.Word, len(c))
	for i, each := range c {
		words[i] = each.Word
	}
	return schema.NewVocabulary(words...)
}

// name is the word of a number; "" for a number without a word.
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

// text is the word of a number; the number itself where it has none.
func (c codes) text(number uint32) string {
	return cmp.Or(c.name(number), strconv.FormatUint(uint64(number), 10))
}

// number is the type of a number of the kernel's, of any width.
type number interface {
	~uint8 | ~uint16 | ~uint32
}

// enumOf is a column of the word for a number; NULL for a number without a word.
func enumOf[T any, N number](name, doc string, words codes, get func(*T) N) query.Column[T] {
	return query.Enum(name, doc, words.vocabulary(), func(row *T) string { return words.name(uint32(get(row))) })
}

// flagsOf is a column of the words for the bits that are set; NULL where none is set.
func flagsOf[T any, N number](name, doc string, words codes, get func(*T) N) query.Column[T] {
	return query.Flags(name, doc, words.vocabulary(), func(row *T) []string { return words.names(uint32(get(row))) })
}
