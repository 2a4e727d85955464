/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.members;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * What a member says of itself every few seconds.
 *
 * @param since when it joined, RFC 3339
 * @param time when it said this, by its own clock, RFC 3339: to be shown, not to be reckoned with
 * @param claims the types it records, or is about to record as soon as nobody else claims them, as {@code <group>/<resource>}
 * @param left whether this is its last word: everything it recorded is in the store
 * @param key tells whether two members mask with the same key
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Beat(String since, String time, List<String> claims, boolean left, String key) {}
