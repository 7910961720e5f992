package dev.lanewise.nn.metric;

/** How many places have their class among the k largest predictions. */
final class TopK {
  final String operation;
  final Share share = new Share();
  final int k;

  TopK(String operation, int k) {
    if (k < 1) {
      throw new IllegalArgumentException(operation + ": k must be at least 1, not " + k);
    }
    this.operation = operation;
    this.k = k;
  }

  void add(ClassScores scores) {
    int right = 0;
    for (int i = 0; i < scores.size(); i++) {
      right += scores.above(i, scores.labelChecked(i)) < k ? 1 : 0;
    }
    share.add(right, scores.size());
  }
}
