/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who may read what in the cluster: authenticated and authorised by its API server, as the person who asks, with the permissions of
 * today, and put on record before anything is shown.
 */
package dev.traversion.rewind.guard;
