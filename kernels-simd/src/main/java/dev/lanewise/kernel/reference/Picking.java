package dev.lanewise.kernel.reference;

import dev.lanewise.kernel.IndexSelectSpec;
import dev.lanewise.kernel.IndexSpec;

/** Elements picked by index along an axis, and back. */
final class Picking {
  private Picking() {}

  static void gather(IndexSpec spec) {
    Elements table = new Elements(spec.table());
    Elements indices = new Elements(spec.indices());
    Elements picked = new Elements(spec.picked());
    for (Index i = new Index(spec.picked().shape()); i.inside(); i.next()) {
      int[] from = i.at().clone();
      from[spec.axis()] = (int) indices.getLong(i.at());
      picked.set(i.at(), table.get(from));
    }
  }

  static void scatterAdd(IndexSpec spec) {
    Elements table = new Elements(spec.table());
    Elements indices = new Elements(spec.indices());
    Elements picked = new Elements(spec.picked());
    Sums sums = new Sums(spec.table().shape());
    for (Index i = new Index(spec.table().shape()); i.inside(); i.next()) {
      sums.set(i.at(), table.get(i.at()));
    }
    for (Index i = new Index(spec.picked().shape()); i.inside(); i.next()) {
      int[] to = i.at().clone();
      to[spec.axis()] = (int) indices.getLong(i.at());
      sums.add(to, picked.get(i.at()));
    }
    sums.writeTo(spec.table());
  }

  static void indexSelect(IndexSelectSpec spec) {
    Elements table = new Elements(spec.table());
    Elements indices = new Elements(spec.indices());
    Elements picked = new Elements(spec.picked());
    for (Index i = new Index(spec.picked().shape()); i.inside(); i.next()) {
      picked.copy(i.at(), table, inTable(spec, indices, i.at()));
    }
  }

  static void indexAdd(IndexSelectSpec spec) {
    Elements table = new Elements(spec.table());
    Elements indices = new Elements(spec.indices());
    Elements picked = new Elements(spec.picked());
    Sums sums = new Sums(spec.table().shape());
    for (Index i = new Index(spec.table().shape()); i.inside(); i.next()) {
      sums.set(i.at(), table.get(i.at()));
    }
    for (Index i = new Index(spec.picked().shape()); i.inside(); i.next()) {
      sums.add(inTable(spec, indices, i.at()), picked.get(i.at()));
    }
    sums.writeTo(spec.table());
  }

  private static int[] inTable(IndexSelectSpec spec, Elements indices, int[] inPicked) {
    int[] at = inPicked.clone();
    at[spec.axis()] = (int) indices.getLong(new int[] {inPicked[spec.axis()]});
    return at;
  }
}
