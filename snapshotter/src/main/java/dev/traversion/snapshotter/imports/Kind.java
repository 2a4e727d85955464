/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.snapshotter.imports;

import java.util.List;

/**
 * The objects of one kind, as they are to be recorded.
 *
 * @param apiVersion in which all of them are recorded
 */
record Kind(KindName name, ResourceNames names, String apiVersion, List<Found> objects) {}
