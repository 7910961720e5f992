package dev.lanewise.cuda;

import dev.lanewise.array.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a kernel in the making: a file {@code NAME.cu} beside this class, types for the names
 * that it leaves open, and pieces of text in the places of its marks, which begin with {@code $}.
 */
final class KernelText {
  /** How many threads the kernels of these files have in a block. */
  static final int THREADS = 256;

  private static final Pattern MARK = Pattern.compile("\\$[A-Za-z0-9]+");

  private final String name;
  private final StringBuilder types = new StringBuilder();
  private String text;

  private KernelText(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /**
   * {@return the text of a kernel}
   *
   * @param name the file's name without its ending, and the kernel's
   */
  static KernelText of(String name) {
    return new KernelText(name, piece(name));
  }

  /**
   * {@return the text of a file, to be put in the place of a mark}
   *
   * @param name the file's name without its ending
   */
  static String piece(String name) {
    try (InputStream in = KernelText.class.getResourceAsStream(name + ".cu")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** {@return this, with a type for a name} */
  KernelText type(String open, String type) {
    types.append("typedef ").append(type).append(' ').append(open).append(";\n");
    return this;
  }

  /** {@return this, with an array's type for a name} */
  KernelText type(String open, DType dtype) {
    return type(open, CudaTypes.stored(dtype));
  }

  /** {@return this, with text in the place of a mark} */
  KernelText put(String mark, String piece) {
    text = text.replaceAll(Pattern.quote("$" + mark) + "\\b", escaped(piece));
    return this;
  }

  private static String escaped(String piece) {
    return Matcher.quoteReplacement(piece);
  }

  /** {@return this, with the parameters and statements of a walk through arrays} */
  KernelText places(Places.Form form) {
    return type("N", form.indexType())
        .put("layouts", form.parameters())
        .put("places", form.places());
  }

  /** {@return the finished kernel} */
  KernelSource source() {
    assert !MARK.matcher(text).find() : name + ": a mark was left in " + text;
    return new KernelSource(name, types + text);
  }

  /** {@return how many blocks of {@link #THREADS} have a thread for each index} */
  static long blocks(long threads) {
    return Math.ceilDiv(threads, (long) THREADS);
  }
}
