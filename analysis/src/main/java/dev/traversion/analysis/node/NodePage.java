/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.analysis.node;

import java.util.List;
import java.util.function.Function;

/**
 * Some of the rows that were asked for, by time.
 *
 * @param next where the next page begins; {@code ""} if there is none
 * @param omitted how many there are before these, where the latest were asked for
 */
public record NodePage<T>(List<T> rows, String next, long omitted) {

    <R> NodePage<R> map(Function<T, R> function) {
        return new NodePage<>(rows.stream().map(function).toList(), next, omitted);
    }

    /**
     * Which of them.
     *
     * @param limit how many at most
     * @param time ns; only from there on
     * @param skipped how many of that very time were on pages before
     * @param isLatest only the latest, instead of the first
     */
    public record Request(int limit, long time, long skipped, boolean isLatest) {

        public static final Request ALL = first(Integer.MAX_VALUE);

        public static Request first(int limit) {
            return new Request(limit, Long.MIN_VALUE, 0, false);
        }

        public static Request latest(int limit) {
            return new Request(limit, Long.MIN_VALUE, 0, true);
        }

        /**
         * The page that begins where another one said.
         *
         * @throws IllegalArgumentException if no page says so
         */
        public static Request after(int limit, String next) {
            if (!next.matches("-?\\d{1,19}_\\d{1,9}")) {
                throw new IllegalArgumentException("\"" + next + "\" is not where a page begins");
            }
            int at = next.indexOf('_');
            return new Request(
                    limit, Long.parseLong(next.substring(0, at)), Long.parseLong(next.substring(at + 1)), false);
        }
    }
}
