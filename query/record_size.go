package query

import (
	"reflect"
	"time"

	"netql/query/schema"
)

// maxRecordDepth bounds how many pointers are followed from a record.
const maxRecordDepth = 3

// recordSize gives a function that says about how many bytes a record T takes: its own, those of its texts and lists,
// and those of the records to which it points. By convention these are of exported types, which sources decode; a
// pointer to any other type leads to what the rows of a scan share.
func recordSize[T any]() func(schema.Row) int {
	whole := int(reflect.TypeFor[T]().Size())
	return func(row schema.Row) int {
		record, ok := row.(*T)
		if !ok {
			return whole
		}
		return whole + heldBy(reflect.ValueOf(record).Elem(), maxRecordDepth)
	}
}

// heldBy is how many bytes a value takes beside its own.
func heldBy(v reflect.Value, depth int) (bytes int) {
	switch v.Kind() {
	case reflect.String:
		return v.Len()
	case reflect.Slice:
		return heldBySlice(v, depth)
	case reflect.Map:
		const perEntry = 2 // of its keys and values, with the room that there is for more
		return perEntry * v.Len() * int(v.Type().Key().Size()+v.Type().Elem().Size())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() { // its zone is everybody's
			return 0
		}
		for i := range v.NumField() {
			bytes += heldBy(v.Field(i), depth)
		}
	case reflect.Interface:
		if !v.IsNil() {
			return int(v.Elem().Type().Size()) + heldBy(v.Elem(), depth)
		}
	case reflect.Pointer:
		if of := v.Type().Elem(); depth > 0 && !v.IsNil() && isDecoded(of) {
			return int(of.Size()) + heldBy(v.Elem(), depth-1)
		}
	}
	return bytes
}

func heldBySlice(v reflect.Value, depth int) int {
	bytes := v.Cap() * int(v.Type().Elem().Size())
	switch v.Type().Elem().Kind() {
	case reflect.String, reflect.Struct, reflect.Slice, reflect.Interface:
		for i := range v.Len() {
			bytes += heldBy(v.Index(i), depth)
		}
	}
	return bytes
}

// isDecoded says whether a pointer to the type leads to a part of a record. Declarations of tables are none.
func isDecoded(t reflect.Type) bool {
	if t == reflect.TypeFor[Table]() || t == reflect.TypeFor[schema.Column]() {
		return false
	}
	return t.Kind() == reflect.Struct && (t.PkgPath() == "" || 'A' <= t.Name()[0] && t.Name()[0] <= 'Z')
}
