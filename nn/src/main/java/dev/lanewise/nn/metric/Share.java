package dev.lanewise.nn.metric;

/** How many of all were right. */
final class Share {
  private long right;
  private long all;

  void reset() {
    right = 0;
    all = 0;
  }

  void add(long right, long all) {
    this.right += right;
    this.all += all;
  }

  double value() {
    return (double) right / all;
  }
}
