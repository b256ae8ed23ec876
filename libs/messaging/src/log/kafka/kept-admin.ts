import type { Admin } from 'kafkajs'

/**
 * One client for what is asked of the cluster now and then. A fault drops it: a question that failed on a client that was
 * there before is asked once more by a new one, because the broker that it spoke to may have gone meanwhile.
 */
export class KeptAdmin {
  readonly #make: () => Admin
  #kept: Promise<Admin> | undefined
  #closed = false

  constructor(make: () => Admin) {
    this.#make = make
  }

  async ask<R>(question: (admin: Admin) => Promise<R>): Promise<R> {
    const before = this.#kept
    if (before) {
      try {
        return await question(await before)
      } catch {
        this.#drop(before)
      }
    }
    const admin = (this.#kept ??= this.#connect())
    try {
      return await question(await admin)
    } catch (fault) {
      this.#drop(admin)
      throw fault
    } finally {
      if (this.#closed) this.#drop(admin)
    }
  }

  /** What is asked afterwards is answered, and keeps nothing open. */
  async close(): Promise<void> {
    this.#closed = true
    const kept = this.#kept
    this.#kept = undefined
    await disconnect(kept)
  }

  async #connect(): Promise<Admin> {
    const admin = this.#make()
    try {
      await admin.connect()
      return admin
    } catch (fault) {
      await disconnect(admin)
      throw fault
    }
  }

  /** Others may be waiting for answers on it: they fail now, and ask again. */
  #drop(admin: Promise<Admin>): void {
    if (this.#kept === admin) this.#kept = undefined
    void disconnect(admin)
  }
}

const disconnect = async (admin: Admin | Promise<Admin> | undefined): Promise<void> => {
  try {
    await (await admin)?.disconnect()
  } catch {
    // it never was connected, or is gone already
  }
}
