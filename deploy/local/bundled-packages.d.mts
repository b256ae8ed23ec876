export declare const bundleFolder: string
export declare const lockHash: () => string
export declare const bundledPackages: () => ReadonlyMap<string, string>
