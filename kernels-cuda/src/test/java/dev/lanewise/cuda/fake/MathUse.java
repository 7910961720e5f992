package dev.lanewise.cuda.fake;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the products and convolutions were computed with, for tests to ask. */
public final class MathUse {

  private final Set<Precision> precisions = EnumSet.noneOf(Precision.class);
  private final List<String> nonDeterministic = new ArrayList<>();

  void product(Precision precision) {
    precisions.add(precision);
  }

  void nonDeterministic(String call) {
    nonDeterministic.add(call);
  }

  /** {@return how inputs were rounded, over all products and convolutions so far} */
  public Set<Precision> precisions() {
    return Set.copyOf(precisions);
  }

  /** {@return the calls whose answer on a GPU can differ from run to run} */
  public List<String> nonDeterministicCalls() {
    return List.copyOf(nonDeterministic);
  }

  void clear() {
    precisions.clear();
    nonDeterministic.clear();
  }
}
