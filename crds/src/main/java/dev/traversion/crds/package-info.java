/* SPDX-License-Identifier: Apache-2.0 */
/** The custom resources: Recording, RecordingPolicy, Snapshot. Their YAML and reference are generated from these types. */
package dev.traversion.crds;
