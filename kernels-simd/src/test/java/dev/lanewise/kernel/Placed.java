package dev.lanewise.kernel;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.lanewise.array.Cursor;
import dev.lanewise.array.DType;
import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.kernel.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;

/**
 * An array that lies in a larger storage full of noise, so that a kernel that writes beside it is
 * seen. {@link #on} makes the same array on another backend, in the same layout.
 */
final class Placed {
  /** The judge. */
  static final Backend REFERENCE = new ReferenceBackend();

  /** Noise behind the array: more than the widest vector. */
  private static final int TRAIL = 37;

  private final Backend backend;
  private final NdArray base;
  private final Layout layout;
  private final byte[] before;

  private Placed(Backend backend, NdArray base, Layout layout, byte[] before) {
    this.backend = backend;
    this.base = base;
    this.layout = layout;
    this.before = before;
  }

  /** {@return an array of noise, on the reference backend} */
  static Placed of(Dice dice, DType dtype, Shape shape, Placement placement) {
    return of(dice, dtype, placement.layout(dice, shape));
  }

  /** {@return an array of noise in a layout of its own storage, on the reference backend} */
  static Placed of(Dice dice, DType dtype, Layout layout) {
    int capacity = Math.toIntExact(Math.max(layout.highest(), layout.offset()) + 1 + TRAIL);
    NdArray base = REFERENCE.uninitialized(dtype, Shape.of(capacity));
    byte[] noise = new byte[capacity * dtype.byteSize()];
    dice.fill(noise);
    MemorySegment.copy(noise, 0, base.storage().segment(), JAVA_BYTE, 0, noise.length);
    return new Placed(REFERENCE, base, layout, noise);
  }

  /** {@return an array of values, on the reference backend} */
  static Placed of(Dice dice, DType dtype, Shape shape, Placement placement, Values values) {
    Placed array = of(dice, dtype, shape, placement);
    return dtype.isInteger()
        ? array.filledWithIntegers(() -> values.nextInteger(dice))
        : array.filled(() -> values.next(dice, dtype));
  }

  /** Writes values in row-major order; a stretched element keeps the last. */
  Placed filled(DoubleSupplier values) {
    return filled((segment, element) -> base.dtype().set(segment, element, values.getAsDouble()));
  }

  /** Writes integers as {@link #filled} writes numbers, exactly. */
  Placed filledWithIntegers(LongSupplier values) {
    return filled((segment, element) -> base.dtype().setLong(segment, element, values.getAsLong()));
  }

  private Placed filled(ObjLongConsumer<MemorySegment> write) {
    NdArray host = host();
    Cursor cursor = new Cursor(layout);
    for (long i = 0; i < layout.shape().size(); i++, cursor.advance()) {
      write.accept(host.storage().segment(), cursor.element());
    }
    if (host != base) {
      backend.copy(host, base);
    }
    byte[] now = bytes();
    System.arraycopy(now, 0, before, 0, now.length);
    return this;
  }

  /** {@return the same bytes in the same layout on another backend} */
  Placed on(Backend other) {
    NdArray source = host();
    NdArray copy = other.uninitialized(base.dtype(), base.shape());
    if (other.memory().isHost()) {
      copy.storage().segment().copyFrom(source.storage().segment());
      Reference.reachabilityFence(source);
      Reference.reachabilityFence(copy);
    } else {
      other.copy(source, copy);
    }
    return new Placed(other, copy, layout, bytes());
  }

  /** {@return the same bytes in the same layout, in other memory of the reference backend} */
  Placed twin() {
    return on(REFERENCE);
  }

  /** {@return the array} */
  NdArray array() {
    return base.view(layout);
  }

  /** {@return another view of the same storage} */
  NdArray view(Layout other) {
    return base.view(other);
  }

  /** {@return the whole storage as one axis} */
  NdArray base() {
    return base;
  }

  Layout layout() {
    return layout;
  }

  Shape shape() {
    return layout.shape();
  }

  DType dtype() {
    return base.dtype();
  }

  /** {@return the present numbers in row-major order} */
  double[] numbers() {
    return host().view(layout).toDoubleArray();
  }

  /** {@return the present numbers in row-major order, as integers} */
  long[] integers() {
    return host().view(layout).toLongArray();
  }

  /** {@return the absolute values, in the same layout, on the reference backend} */
  Placed sizes() {
    double[] sizes = Arrays.stream(numbers()).map(Math::abs).toArray();
    return twin().filled(Arrays.stream(sizes).iterator()::nextDouble);
  }

  /** {@return the whole storage in the main memory; a device copies it there itself} */
  private NdArray host() {
    if (backend.memory().isHost()) {
      return base;
    }
    NdArray copy = REFERENCE.uninitialized(base.dtype(), base.shape());
    backend.copy(base, copy);
    return copy;
  }

  private byte[] bytes() {
    NdArray host = host();
    byte[] bytes = host.storage().segment().toArray(JAVA_BYTE);
    Reference.reachabilityFence(host);
    return bytes;
  }

  /** Fails if a byte that is not the array's has changed. */
  void assertNothingAroundTouched(String what) {
    byte[] now = bytes();
    byte[] allowed = before.clone();
    int width = base.dtype().byteSize();
    Cursor cursor = new Cursor(layout);
    for (long i = 0; i < layout.shape().size(); i++, cursor.advance()) {
      int at = (int) cursor.element() * width;
      System.arraycopy(now, at, allowed, at, width);
    }
    int at = Arrays.mismatch(allowed, now);
    if (at >= 0) {
      throw new AssertionError(
          what
              + ": element "
              + at / width
              + " of the storage was written, which is outside the output "
              + this);
    }
  }

  /** Fails if any byte has changed. */
  void assertUnchanged(String what) {
    int at = Arrays.mismatch(before, bytes());
    if (at >= 0) {
      throw new AssertionError(
          what
              + ": element "
              + at / base.dtype().byteSize()
              + " of the storage was written, but the call was refused or only reads ("
              + this
              + ")");
    }
  }

  /** {@return type and layout} */
  @Override
  public String toString() {
    return base.dtype() + " " + layout;
  }
}
