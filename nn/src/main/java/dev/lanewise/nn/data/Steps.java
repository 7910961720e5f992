package dev.lanewise.nn.data;

/**
 * Which batches an epoch takes: arithmetic on their numbers, so that any of them can be computed
 * without the others.
 */
sealed interface Steps {
  /** The count of an epoch without end. */
  long ENDLESS = Long.MAX_VALUE;

  /** As many passes as an endless epoch is taken to have, so that the next begins behind them. */
  long ENDLESS_PASSES = 1L << 32;

  /**
   * Where a batch is.
   *
   * @param pass which pass through the samples, from 0
   * @param batch the batch's number in the pass, from 0
   */
  record Place(long pass, long batch) {}

  /** {@return the number of steps, or {@link #ENDLESS}} */
  long count();

  /** {@return how many passes an epoch has} */
  long passes();

  /**
   * {@return the batch of a step}
   *
   * @param step from 0 to {@code count() - 1}
   */
  Place at(long step);

  /**
   * All batches of one pass.
   *
   * @param count how many there are
   */
  record Pass(long count) implements Steps {
    @Override
    public long passes() {
      return 1;
    }

    @Override
    public Place at(long step) {
      return new Place(0, step);
    }
  }

  /**
   * Some steps of others.
   *
   * @param inner the others
   * @param first how many of them are left out
   * @param most how many are taken behind these, if there are so many
   */
  record Window(Steps inner, long first, long most) implements Steps {
    @Override
    public long count() {
      long all = inner.count();
      return Math.min(all == ENDLESS ? all : Math.max(0, all - first), most);
    }

    @Override
    public long passes() {
      return inner.passes();
    }

    @Override
    public Place at(long step) {
      return inner.at(first + step);
    }
  }

  /**
   * Others several times, each time in new passes.
   *
   * @param inner the others
   * @param times how often, or {@link #ENDLESS}
   */
  record Repeated(Steps inner, long times) implements Steps {
    @Override
    public long count() {
      long once = inner.count();
      if (once == 0 || times == 0) {
        return 0;
      }
      return once > ENDLESS / times ? ENDLESS : once * times;
    }

    @Override
    public long passes() {
      return times == ENDLESS ? ENDLESS_PASSES : inner.passes() * times;
    }

    @Override
    public Place at(long step) {
      long once = inner.count();
      Place place = inner.at(step % once);
      return new Place(place.pass() + step / once * inner.passes(), place.batch());
    }
  }
}
