package dev.lanewise.kernel;

/** What every part of the contract kit asks of a backend's test class. */
public interface BackendUnderTest {

  /** {@return the backend to judge} */
  Backend backend();
}
