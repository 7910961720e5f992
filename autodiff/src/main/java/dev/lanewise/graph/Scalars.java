package dev.lanewise.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scalars of an expression: numbers that were fixed when the graph was traced, and arrays that
 * a {@link HostStep} fills anew before each run.
 */
public final class Scalars {
  /** No scalars. */
  static final Scalars NONE = new Scalars(List.of());

  /** Some scalars; live ones are read again by each run. */
  private record Part(double[] values, boolean isLive) {
    boolean equalTo(Part other) {
      return isLive ? values == other.values : !other.isLive && Arrays.equals(values, other.values);
    }
  }

  private final List<Part> parts;

  private Scalars(List<Part> parts) {
    this.parts = parts;
  }

  /** {@return numbers that stay as they are now} */
  static Scalars fixed(double... values) {
    return values.length == 0 ? NONE : new Scalars(List.of(new Part(values.clone(), false)));
  }

  /** {@return whatever is in an array when the graph is run} */
  static Scalars live(double[] values) {
    return new Scalars(List.of(new Part(values, true)));
  }

  /** {@return these, followed by others} */
  Scalars and(Scalars others) {
    if (others.parts.isEmpty()) {
      return this;
    }
    if (parts.isEmpty()) {
      return others;
    }
    List<Part> all = new ArrayList<>(parts);
    all.addAll(others.parts);
    return new Scalars(List.copyOf(all));
  }

  /** {@return how many there are} */
  int count() {
    return parts.stream().mapToInt(part -> part.values.length).sum();
  }

  /** {@return whether some of them may differ from run to run} */
  public boolean isLive() {
    return parts.stream().anyMatch(Part::isLive);
  }

  /** {@return the numbers as they are now} */
  double[] now() {
    double[] all = new double[count()];
    fill(all);
    return all;
  }

  /** {@return an array to give to a kernel; {@link #fill} it before each run if it is not alone} */
  double[] array() {
    return parts.size() == 1 ? parts.getFirst().values : now();
  }

  /** {@return whether {@link #array} is a copy that must be filled before each run} */
  boolean needsFilling() {
    return parts.size() > 1 && isLive();
  }

  /** Writes the numbers as they are now. */
  void fill(double[] all) {
    int at = 0;
    for (int i = 0; i < parts.size(); i++) {
      double[] values = parts.get(i).values;
      System.arraycopy(values, 0, all, at, values.length);
      at += values.length;
    }
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Scalars s) || s.parts.size() != parts.size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      if (!parts.get(i).equalTo(s.parts.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return count();
  }

  /** {@return the numbers; of live ones only that they are} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (Part part : parts) {
      for (double value : part.values) {
        text.append(text.length() == 1 ? "" : ", ").append(part.isLive ? "live" : value);
      }
    }
    return text.append("]").toString();
  }
}
