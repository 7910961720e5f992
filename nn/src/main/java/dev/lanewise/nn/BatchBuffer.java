package dev.lanewise.nn;

import dev.lanewise.array.Device;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import dev.lanewise.nn.internal.Samples;

/** Memory for one batch, used again for the next, so that batches of one size allocate nothing. */
final class BatchBuffer {
  private NdArray array;

  /** Where rows are put together; the array itself if that is in main memory. */
  private NdArray host;

  /**
   * {@return a batch of some rows, valid until the next call}
   *
   * @param backend who computes on it
   * @param rows where to pick
   * @param order which row comes at which place; {@code null} for all in order
   * @param from the first place of {@code order}
   * @param to the place after the last
   * @param capacity the largest number of rows of a batch
   */
  Tensor fill(Backend backend, Rows rows, int[] order, int from, int to, int capacity) {
    reserve(backend, rows, capacity);
    rows.gather(order, from, to, host);
    NdArray batch = array.slice(0, 0, to - from);
    if (host != array) {
      batch.copyFromHost(host.slice(0, 0, to - from));
    }
    return Tensor.of(batch);
  }

  /** Makes the array, if the one that there is does not fit; call this outside a step's scope. */
  private void reserve(Backend backend, Rows rows, int capacity) {
    // A buffer made inside the caller's scope dies with that.
    if (array == null
        || !array.storage().isAlive()
        || array.device() != backend
        || array.dtype() != rows.dtype()
        || array.shape().dim(0) < capacity
        || !Samples.sampleOf(array.shape()).equals(rows.row())) {
      Shape shape = Samples.batch(capacity, rows.row());
      array = backend.uninitialized(rows.dtype(), shape);
      boolean isHost = backend.memory().isHost();
      host = isHost ? array : NdArray.uninitialized(Device.HOST, rows.dtype(), shape);
    }
  }
}
