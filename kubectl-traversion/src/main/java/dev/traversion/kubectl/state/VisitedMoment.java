/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.state;

import java.time.Instant;

/**
 * A moment the user went to.
 *
 * @param location of the recording, absolute
 * @param cluster its id
 */
public record VisitedMoment(String location, String cluster, Instant instant) {}
