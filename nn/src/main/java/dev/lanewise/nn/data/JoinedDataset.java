package dev.lanewise.nn.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Data sets one after the other. */
final class JoinedDataset implements Dataset {
  private final List<Dataset> parts;

  /** The number of the first sample of each part, and of all samples. */
  private final int[] starts;

  JoinedDataset(List<Dataset> parts) {
    this.parts = parts;
    starts = new int[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      long end = (long) starts[i] + parts.get(i).size();
      if (end > Integer.MAX_VALUE) {
        throw new IllegalArgumentException(
            "concat: %d samples are more than the %d that a data set can have"
                .formatted(end, Integer.MAX_VALUE));
      }
      starts[i + 1] = (int) end;
    }
  }

  @Override
  public int size() {
    return starts[parts.size()];
  }

  @Override
  public Sample get(int index) {
    int part = part(Rows.check("get", index, size()));
    return parts.get(part).get(index - starts[part]);
  }

  @Override
  public Batch batch(int... indices) {
    Rows.check("batch", indices, size());
    int[] owners = IntStream.of(indices).map(this::part).distinct().toArray();
    if (owners.length != 1) {
      return Stacking.of(this, indices);
    }
    int start = starts[owners[0]];
    return parts.get(owners[0]).batch(IntStream.of(indices).map(i -> i - start).toArray());
  }

  @Override
  public int[] labels() {
    return parts.stream().map(Dataset::labels).flatMapToInt(IntStream::of).toArray();
  }

  private int part(int index) {
    int found = Arrays.binarySearch(starts, index);
    // An empty part starts where the next one does; the sample is the last one's.
    int part = found < 0 ? -found - 2 : found;
    while (starts[part + 1] == starts[part]) {
      part++;
    }
    return part;
  }
}
