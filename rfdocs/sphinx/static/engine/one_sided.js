// What lies before every unit of a map, or behind it: the context of recurrence and of attention to one side.
"use strict";

const rfOneSided = (() => {
  const { size, hull } = rfInterval;

  /** Whether every unit reads something, and no field begins or ends before that of an earlier unit. @param {Field} field */
  const inOrder = (field) => {
    if (!(field instanceof RfPeriodicField)) return false;
    const fields = Array.from({ length: field.period + 1 }, (_, unit) => field.at(unit));
    return fields.slice(1).every((other, place) => {
      const one = fields[place];
      return one !== null && other !== null && one[0] <= other[0] && one[1] <= other[1];
    });
  };

  /**
   * The one pixel at the end of a field that lies before all others, or behind them.
   * @param {Interval | null} field @param {boolean} before @returns {Interval | null}
   */
  const endOf = (field, before) => field && (before ? [field[0], field[0]] : [field[1], field[1]]);

  /**
   * The hulls of the fields of a map's units up to each of some units, or from each on; a unit outside the map sees that
   * end of the map's first field from which all others go on.
   * @param {(Interval | null)[]} fields @param {Interval} units @param {boolean} before
   */
  const oneSided = (fields, units, before) => {
    const ordered = before ? fields : [...fields].reverse();
    /** @type {(Interval | null)[]} */
    const soFar = [];
    for (const field of ordered) soFar.push(soFar.length ? hull([soFar[soFar.length - 1], field]) : field);
    const outside = endOf(soFar[0], before);
    const hulls = Array.from({ length: size(units) }, (_, index) => {
      const unit = units[0] + index,
        place = before ? unit : fields.length - 1 - unit;
      return place < 0 ? outside : soFar[Math.min(place, soFar.length - 1)];
    });
    return new RfTabulatedField(units[0], fields.length, hulls);
  };

  return { inOrder, endOf, oneSided };
})();
