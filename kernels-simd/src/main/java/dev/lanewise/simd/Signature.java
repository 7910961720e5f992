package dev.lanewise.simd;

import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Storage;
import dev.lanewise.kernel.Expr;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a call is planned by: its geometry, and the types and layouts of its arrays, but not the
 * arrays themselves. A thread has one that is filled in for each call, so that asking for a plan
 * allocates nothing; what is kept is a {@link #copy}.
 */
final class Signature {
  private static final ThreadLocal<Signature> LOCAL = ThreadLocal.withInitial(Signature::new);

  private Object spec;
  private int variant;
  private int exprs;
  private Expr[] expr = new Expr[1];
  private int arrays;

  /** How many arrays there were when the last that is read was added; none is written before. */
  private int read;

  private DType[] dtypes = new DType[8];
  private Layout[] layouts = new Layout[8];
  private int hash;

  /** Where each array's storage begins, to be compared with the outputs'; not kept. */
  private long[] storages = new long[8];

  private boolean plain;

  /** For each array but the first, 3 bits: the first with the same storage. 0 if it is all one. */
  private int sharing;

  private Signature() {}

  /**
   * {@return the thread's signature, now of a call without arrays}
   *
   * @param spec what is equal for calls of one geometry; null if the layouts say it all
   * @param variant tells calls of one geometry apart
   */
  static Signature of(Object spec, int variant) {
    Signature one = LOCAL.get();
    if (one.spec != spec) {
      one.spec = spec;
    }
    one.variant = variant;
    one.exprs = 0;
    one.arrays = 0;
    one.read = 0;
    one.hash = variant;
    one.plain = true;
    one.sharing = 0;
    return one;
  }

  /** {@return this, of a call that computes one more expression} */
  Signature expr(Expr one) {
    if (exprs == expr.length) {
      expr = Arrays.copyOf(expr, 2 * exprs);
    }
    if (expr[exprs] != one) {
      expr[exprs] = one; // interned: equal ones are one object
    }
    exprs++;
    hash = 31 * hash + System.identityHashCode(one);
    return this;
  }

  /** {@return this, with one more array that is read} */
  Signature in(NdArray array) {
    add(array);
    read = arrays;
    return this;
  }

  private void add(NdArray array) {
    if (arrays == layouts.length) {
      grow();
    }
    Layout layout = array.layout();
    // Most calls have the last one's: comparing is cheaper than telling the garbage collector.
    if (layouts[arrays] != layout) {
      layouts[arrays] = layout;
    }
    if (dtypes[arrays] != array.dtype()) {
      dtypes[arrays] = array.dtype();
    }
    storages[arrays] = memory(array.storage());
    arrays++;
    plain &= array.storage().isAlive();
    hash = 31 * hash + (int) layout.shape().size();
    hash = 31 * hash + (int) (layout.shape().rank() == 0 ? 0 : layout.stride(0));
  }

  /** {@return this, with some more arrays that are read} */
  Signature in(NdArray[] more) {
    for (NdArray array : more) {
      in(array);
    }
    return this;
  }

  /** {@return this, with one more array, that is written; all arrays before must lie apart} */
  Signature out(NdArray array) {
    return written(array, 0, 0);
  }

  /** {@return this, with one more array that is written, perhaps exactly over one that is read} */
  Signature over(NdArray array) {
    return written(array, 0, read);
  }

  /**
   * {@return this, with one more array that is written; the others must lie apart, but one that is
   * read may be the array itself}
   *
   * @param same the number of that one
   */
  Signature out(NdArray array, int same) {
    return written(array, same, same + 1);
  }

  /** Adds an array that is written; those from one number to before another may be the same. */
  private Signature written(NdArray array, int first, int end) {
    long memory = memory(array.storage());
    for (int i = 0; i < arrays; i++) {
      boolean maybeSame = i >= first && i < end;
      plain &=
          storages[i] != memory
              || maybeSame && layouts[i].equals(array.layout())
              || liesApart(i, array);
    }
    add(array);
    return this;
  }

  /** {@return whether an array's part of their storage does not meet that of another one} */
  private boolean liesApart(int number, NdArray array) {
    Layout one = layouts[number];
    Layout other = array.layout();
    int ofOne = dtypes[number].byteSize();
    int ofOther = array.dtype().byteSize();
    return (one.highest() + 1) * ofOne <= other.lowest() * ofOther
        || (other.highest() + 1) * ofOther <= one.lowest() * ofOne
        || ofOne == ofOther && one.isBeside(other);
  }

  /**
   * {@return this, of a call whose plan depends on which of its at most 8 arrays share a storage}
   */
  Signature sharing() {
    assert arrays <= 8;
    for (int i = 1; i < arrays; i++) {
      int first = 0;
      while (storages[first] != storages[i]) {
        first++;
      }
      sharing = sharing << 3 | first;
    }
    return this;
  }

  /** {@return what tells a storage from others that are alive} */
  private static long memory(Storage storage) {
    return storage.isAlive() ? storage.segment().address() : 0;
  }

  private void grow() {
    dtypes = Arrays.copyOf(dtypes, 2 * arrays);
    layouts = Arrays.copyOf(layouts, 2 * arrays);
    storages = Arrays.copyOf(storages, 2 * arrays);
  }

  /**
   * {@return whether no array is dead, and each output lies where it may} Then a call whose equal
   * was checked is right as well.
   */
  boolean isPlain() {
    return plain;
  }

  /** {@return where to look for a plan; equal signatures have equal ones} */
  int hash() {
    return hash ^ hash >>> 16;
  }

  /** {@return one that stays as it is} */
  Signature copy() {
    Signature copy = new Signature();
    copy.spec = spec;
    copy.variant = variant;
    copy.exprs = exprs;
    copy.expr = Arrays.copyOf(expr, exprs);
    copy.arrays = arrays;
    copy.dtypes = Arrays.copyOf(dtypes, arrays);
    copy.layouts = Arrays.copyOf(layouts, arrays);
    copy.hash = hash;
    copy.storages = null;
    copy.sharing = sharing;
    return copy;
  }

  /** {@return whether calls with these signatures have one plan} */
  boolean matches(Signature other) {
    if (hash != other.hash
        || variant != other.variant
        || exprs != other.exprs
        || arrays != other.arrays
        || sharing != other.sharing
        || !Objects.equals(spec, other.spec)) {
      return false;
    }
    for (int i = 0; i < exprs; i++) {
      if (expr[i] != other.expr[i]) {
        return false;
      }
    }
    for (int i = 0; i < arrays; i++) {
      if (dtypes[i] != other.dtypes[i] || !layouts[i].equals(other.layouts[i])) {
        return false;
      }
    }
    return true;
  }
}
