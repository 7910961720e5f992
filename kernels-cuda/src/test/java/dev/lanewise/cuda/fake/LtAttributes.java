package dev.lanewise.cuda.fake;

import java.util.Map;
import java.util.TreeMap;

/** The attributes of a descriptor of cuBLASLt: each has a size in bytes, and a number. */
abstract class LtAttributes {

  private final Map<Integer, Integer> sizes;
  private final Map<Integer, Long> values = new TreeMap<>();

  /**
   * Makes attributes.
   *
   * @param sizes the bytes of each attribute that there is: 4 for enums and counts, 8 for pointers,
   *     strides and sizes
   */
  LtAttributes(Map<Integer, Integer> sizes) {
    this.sizes = sizes;
  }

  /** {@return the bytes of an attribute, 0 if there is no such} */
  int size(int attribute) {
    return sizes.getOrDefault(attribute, 0);
  }

  void put(int attribute, long value) {
    values.put(attribute, value);
  }

  long get(int attribute) {
    return values.getOrDefault(attribute, 0L);
  }

  int number(int attribute) {
    return (int) get(attribute);
  }

  /** {@return a text that is the same for equal attributes} */
  String text() {
    return values.toString();
  }
}
