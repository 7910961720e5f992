package dev.lanewise.nn.data;

/** Some samples of another data set, in an order of their own. */
final class SelectedDataset implements Dataset {
  private final Dataset data;
  private final int[] rows;

  SelectedDataset(Dataset data, int[] rows) {
    Rows.check("select", rows, data.size());
    this.data = data;
    this.rows = rows;
  }

  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public Sample get(int index) {
    return data.get(rows[Rows.check("get", index, size())]);
  }

  @Override
  public Batch batch(int... indices) {
    Rows.check("batch", indices, size());
    return data.batch(picked(rows, indices));
  }

  @Override
  public int[] labels() {
    return picked(data.labels(), rows);
  }

  private static int[] picked(int[] from, int[] places) {
    int[] picked = new int[places.length];
    for (int i = 0; i < picked.length; i++) {
      picked[i] = from[places[i]];
    }
    return picked;
  }
}
