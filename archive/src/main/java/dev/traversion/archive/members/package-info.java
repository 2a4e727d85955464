/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Several recorders of one recording: who is there, told by beats in the store; who is not any more, and is kept out; and who records
 * which resources.
 */
package dev.traversion.archive.members;
