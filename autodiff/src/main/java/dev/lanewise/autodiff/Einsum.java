package dev.lanewise.autodiff;

import dev.lanewise.array.ShapeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Einstein's summation: operands are joined one after the other, each time by one matrix product
 * over the axes that nothing needs later. All steps are tensor operations, so gradients are theirs.
 */
final class Einsum {
  /** The axes of an ellipsis, from the last one on, are labels from here downwards. */
  private static final int ELLIPSIS = -1;

  private final String equation;
  private final Map<Integer, Integer> extents = new HashMap<>();

  private Einsum(String equation) {
    this.equation = equation;
  }

  /** A tensor with a label for each axis, no two the same. */
  private record Term(Tensor x, List<Integer> labels) {
    /** {@return the same with its axes in another order} */
    Term order(List<Integer> to) {
      return new Term(x.permute(to.stream().mapToInt(labels::indexOf).toArray()), to);
    }

    /** {@return the sum over all axes but some} */
    Term keep(Set<Integer> kept) {
      List<Integer> left = labels.stream().filter(kept::contains).toList();
      if (left.size() == labels.size()) {
        return this;
      }
      int[] gone =
          labels.stream().filter(l -> !kept.contains(l)).mapToInt(labels::indexOf).toArray();
      return new Term(x.sum(gone), left);
    }

    int extent(int label) {
      return x.shape().dim(labels.indexOf(label));
    }
  }

  static Tensor of(String equation, Tensor... operands) {
    return new Einsum(equation.replace(" ", "")).compute(operands);
  }

  private Tensor compute(Tensor... operands) {
    int arrow = equation.indexOf("->");
    String[] inputs = (arrow < 0 ? equation : equation.substring(0, arrow)).split(",", -1);
    if (inputs.length != operands.length) {
      throw new IllegalArgumentException(
          "einsum: '%s' names %d operands, not %d"
              .formatted(equation, inputs.length, operands.length));
    }
    List<List<Integer>> labels = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      Checks.compute("einsum", operands[i]);
      Checks.sameBackend("einsum", operands[0], operands[i]);
      Checks.sameType("einsum", operands[0], operands[i]);
      labels.add(labels(inputs[i], operands[i]));
    }
    List<Integer> output =
        arrow < 0 ? implied(labels) : explicit(equation.substring(arrow + 2), labels);
    Term joined = null;
    for (int i = 0; i < operands.length; i++) {
      Set<Integer> needed = new HashSet<>(output);
      labels.subList(i + 1, labels.size()).forEach(needed::addAll);
      Term next = distinct(operands[i], labels.get(i));
      joined = joined == null ? next.keep(needed) : join(joined, next, needed);
    }
    return joined.order(output).x();
  }

  private IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(
        "einsum: '"
            + equation
            + "' "
            + why
            + "; it is letters for the axes of each operand, with commas between, and after '->'"
            + " those of the result; '...' stands for all other axes");
  }

  /** {@return the label of each axis of an operand} */
  private List<Integer> labels(String term, Tensor operand) {
    int dots = term.indexOf("...");
    String letters = dots < 0 ? term : term.substring(0, dots) + term.substring(dots + 3);
    if (!letters.chars().allMatch(Character::isLetter)) {
      throw wrong("has something else than letters");
    }
    int others = operand.shape().rank() - letters.length();
    if (dots < 0 ? others != 0 : others < 0) {
      throw new ShapeException(
          "einsum: '%s' of '%s' does not fit the %d axes of shape %s"
              .formatted(term, equation, operand.shape().rank(), operand.shape()));
    }
    List<Integer> labels = new ArrayList<>();
    letters.chars().forEach(labels::add);
    for (int i = 0; dots >= 0 && i < others; i++) {
      labels.add(dots + i, ELLIPSIS - (others - 1 - i));
    }
    for (int i = 0; i < labels.size(); i++) {
      int label = labels.get(i);
      int extent = operand.shape().dim(i);
      int before = extents.getOrDefault(label, extent);
      boolean stretches = label < 0 && (before == 1 || extent == 1);
      if (before != extent && !stretches) {
        throw new ShapeException(
            "einsum: axes of extents %d and %d, the latter of shape %s, have one label in '%s'"
                .formatted(before, extent, operand.shape(), equation));
      }
      extents.put(label, before == 1 ? extent : before);
    }
    return labels;
  }

  /** {@return the axes of ellipses, and the letters that occur once, in alphabetical order} */
  private static List<Integer> implied(List<List<Integer>> labels) {
    Map<Integer, Integer> counts = new HashMap<>();
    labels.forEach(term -> term.forEach(label -> counts.merge(label, 1, Integer::sum)));
    return new TreeSet<>(counts.keySet())
        .stream().filter(label -> label < 0 || counts.get(label) == 1).toList();
  }

  private List<Integer> explicit(String term, List<List<Integer>> labels) {
    Set<Integer> known = new TreeSet<>();
    labels.forEach(known::addAll);
    List<Integer> ellipsis = known.stream().filter(label -> label < 0).toList();
    int dots = term.indexOf("...");
    String letters = dots < 0 ? term : term.substring(0, dots) + term.substring(dots + 3);
    List<Integer> output = new ArrayList<>();
    letters.chars().forEach(output::add);
    if (!known.containsAll(output) || new HashSet<>(output).size() < output.size()) {
      throw wrong("has a result whose axes are not each one of the operands'");
    }
    if (dots < 0 && !ellipsis.isEmpty()) {
      throw wrong("drops the axes of '...', which can not be summed");
    }
    if (dots >= 0) {
      output.addAll(dots, ellipsis);
    }
    return output;
  }

  /** {@return an operand of which each label that came twice is a diagonal} */
  private static Term distinct(Tensor x, List<Integer> labels) {
    List<Integer> left = new ArrayList<>(labels);
    for (int first = 0; first < left.size(); first++) {
      int label = left.get(first);
      int second = left.lastIndexOf(label);
      if (second > first) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
          if (i != first && i != second) {
            order.add(i);
          }
        }
        List<Integer> next = new ArrayList<>(order.stream().map(left::get).toList());
        order.addAll(List.of(first, second));
        x = x.permute(order.stream().mapToInt(i -> i).toArray()).diagonal();
        next.add(label);
        left = next;
        first = -1;
      }
    }
    return new Term(x, left);
  }

  private static Term join(Term a, Term b, Set<Integer> needed) {
    Set<Integer> ofA = new HashSet<>(needed);
    ofA.addAll(b.labels());
    Set<Integer> ofB = new HashSet<>(needed);
    ofB.addAll(a.labels());
    Term left = a.keep(ofA);
    Term right = b.keep(ofB);
    List<Integer> both = left.labels().stream().filter(right.labels()::contains).toList();
    List<Integer> batch = both.stream().filter(needed::contains).toList();
    List<Integer> summed = both.stream().filter(l -> !needed.contains(l)).toList();
    List<Integer> rows = left.labels().stream().filter(l -> !both.contains(l)).toList();
    List<Integer> columns = right.labels().stream().filter(l -> !both.contains(l)).toList();
    Tensor x = matrices(left, batch, rows, summed);
    Tensor y = matrices(right, batch, summed, columns);
    Tensor product = summed.isEmpty() ? x.mul(y) : x.matmul(y);
    List<Integer> labels = new ArrayList<>(batch);
    labels.addAll(rows);
    labels.addAll(columns);
    int[] dims = Arrays.copyOf(product.shape().dims(), labels.size());
    for (int i = batch.size(); i < dims.length; i++) {
      int label = labels.get(i);
      dims[i] = (rows.contains(label) ? left : right).extent(label);
    }
    return new Term(product.reshape(dims), labels);
  }

  /** {@return a term as matrices: some axes joined to rows and others to columns} */
  private static Tensor matrices(
      Term term, List<Integer> batch, List<Integer> rows, List<Integer> columns) {
    List<Integer> order = new ArrayList<>(batch);
    order.addAll(rows);
    order.addAll(columns);
    int[] dims = Arrays.copyOf(batch.stream().mapToInt(term::extent).toArray(), batch.size() + 2);
    dims[batch.size()] = size(term, rows);
    dims[batch.size() + 1] = size(term, columns);
    return term.order(order).x().reshape(dims);
  }

  private static int size(Term term, List<Integer> labels) {
    long size = 1;
    for (int label : labels) {
      size *= term.extent(label);
    }
    if (size > Integer.MAX_VALUE) {
      throw new ShapeException(
          "einsum: axes of shape %s would be joined to one of %d elements; there may be 2^31 - 1"
              .formatted(term.x().shape(), size));
    }
    return (int) size;
  }
}
