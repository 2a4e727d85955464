/* SPDX-License-Identifier: Apache-2.0 */
/** What of a cluster is recorded, and what is secret there, as whoever runs the recorder says. */
package dev.traversion.masking.rules;
