package dev.lanewise.kernel;

import java.util.Objects;

/** Whether a backend can run here; when it can not, why, and what would cure it. */
public sealed interface Availability {

  /**
   * The backend can run.
   *
   * @param detail what runs, in a few words, for example {@code "256-bit vectors, 2 threads"}
   */
  record Available(String detail) implements Availability {
    /** Refuses a missing detail. */
    public Available {
      Objects.requireNonNull(detail, "detail");
    }

    @Override
    public String toString() {
      return "available: " + detail;
    }
  }

  /**
   * The backend can not run.
   *
   * @param because the reason, as half a sentence
   * @param cure what the user can do about it, as an imperative
   */
  record Unavailable(String because, String cure) implements Availability {
    /** Refuses a missing reason or cure. */
    public Unavailable {
      Objects.requireNonNull(because, "because");
      Objects.requireNonNull(cure, "cure");
    }

    @Override
    public String toString() {
      return "unavailable, because " + because + "; cure: " + cure;
    }
  }

  /** {@return whether this is {@link Available}} */
  default boolean isAvailable() {
    return this instanceof Available;
  }
}
