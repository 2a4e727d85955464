/* SPDX-License-Identifier: Apache-2.0 */
/** Watches every resource of a cluster into a recording: discovery, a supervised stream per resource, masking, coverage. */
package dev.traversion.snapshotter;
