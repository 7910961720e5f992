package dev.lanewise.array;

/** An array, or an object that holds exactly one. */
public interface HasStorage {

  /** {@return the memory under the array} */
  Storage storage();
}
