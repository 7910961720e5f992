package dev.lanewise.graph;

/** What can not be part of a graph, or does not fit one. */
public final class GraphException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /**
   * Makes one.
   *
   * @param message operation, values, rule and cure
   */
  public GraphException(String message) {
    super(message);
  }
}
