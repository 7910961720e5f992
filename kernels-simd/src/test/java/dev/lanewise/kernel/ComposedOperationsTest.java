package dev.lanewise.kernel;

/** The defaults of the contract, made of other operations: here of the reference backend's. */
class ComposedOperationsTest implements RowOperationsContract {
  private static final Backend BACKEND = new Delegating();

  @Override
  public Backend backend() {
    return BACKEND;
  }
}
